// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_message.c - requests that make and change interfaces; pure
 *
 * Interfaces are born where they will stay, with the index that the plan
 * chose.  Moving one later costs a hundred times as much as making it (the
 * kernel waits for grace periods under its big lock), would let two labs
 * clash on a name, and would leave a stray link behind if we died in between.
 * An interface is never made up: the peer of a veth can't be, and IPv6 must
 * be told to be quiet before.
 */
#include <string.h>

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include "link_message.h"
#include "message.h"
#include "scenario/plan.h"

static void put_names(struct rtnl_msg *m, const struct plan_interface *i)
{
	rtnl_put_str(m, IFLA_IFNAME, i->name);
	if (i->has_mac)
		rtnl_put(m, IFLA_ADDRESS, i->mac, sizeof(i->mac));
	if (i->mtu)
		rtnl_put_u32(m, IFLA_MTU, i->mtu);
}

/* One queue each way: with the kernel's default of one per CPU a veth costs
 * twice the time */
static void put_queues(struct rtnl_msg *m)
{
	rtnl_put_u32(m, IFLA_NUM_TX_QUEUES, 1);
	rtnl_put_u32(m, IFLA_NUM_RX_QUEUES, 1);
}

static struct ifinfomsg *link_begin(struct rtnl_msg *m, uint16_t type,
				    uint16_t flags, uint32_t ifindex)
{
	struct ifinfomsg *header = rtnl_msg_init(m, type, flags,
						 sizeof(*header));

	header->ifi_index = ifindex;
	return header;
}

void rtnl_build_veth(struct rtnl_msg *m, const struct rtnl_end *end,
		     const struct rtnl_end *peer)
{
	struct nlattr *info, *data, *other;
	struct ifinfomsg *header;

	link_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
		   end->interface->ifindex);
	put_names(m, end->interface);
	put_queues(m);
	if (end->netns >= 0)
		rtnl_put_u32(m, IFLA_NET_NS_FD, end->netns);
	if (end->master)
		rtnl_put_u32(m, IFLA_MASTER, end->master);

	info = rtnl_nest(m, IFLA_LINKINFO);
	rtnl_put_str(m, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(m, IFLA_INFO_DATA);

	/* Unlike other nests, this one opens with a header of its own */
	other = rtnl_nest(m, VETH_INFO_PEER);
	header = rtnl_put_header(m, sizeof(*header));
	header->ifi_index = peer->interface->ifindex;
	put_names(m, peer->interface);
	put_queues(m);
	if (peer->netns >= 0)
		rtnl_put_u32(m, IFLA_NET_NS_FD, peer->netns);

	rtnl_nest_end(m, other);
	rtnl_nest_end(m, data);
	rtnl_nest_end(m, info);
}

/*
 * A bridge that snoops speaks IGMP and MLD by itself, and captures would show
 * it.  Without, multicast goes to every port, as through a plain switch.
 */
static void put_bridge(struct rtnl_msg *m)
{
	rtnl_put_u8(m, IFLA_BR_MCAST_SNOOPING, 0);
}

static void put_vxlan(struct rtnl_msg *m, const struct plan_interface *i)
{
	rtnl_put_u32(m, IFLA_VXLAN_ID, i->vni);
	rtnl_put_ip(m, i->local.family == AF_INET6 ? IFLA_VXLAN_LOCAL6 :
						     IFLA_VXLAN_LOCAL,
		    &i->local);
	rtnl_put_ip(m, i->remote.family == AF_INET6 ? IFLA_VXLAN_GROUP6 :
						      IFLA_VXLAN_GROUP,
		    &i->remote);
	rtnl_put_u16(m, IFLA_VXLAN_PORT, htons(i->port ? i->port : 4789));
	if (i->lower)
		rtnl_put_u32(m, IFLA_VXLAN_LINK, i->lower);
	if (!i->proxy)
		return;
	rtnl_put_u8(m, IFLA_VXLAN_PROXY, 1);
	rtnl_put_u8(m, IFLA_VXLAN_L2MISS, 1);
	rtnl_put_u8(m, IFLA_VXLAN_L3MISS, 1);
}

static void put_macvlan(struct rtnl_msg *m, const struct plan_interface *i)
{
	static const uint32_t modes[] = {
		[MACVLAN_BRIDGE]	= MACVLAN_MODE_BRIDGE,
		[MACVLAN_PRIVATE]	= MACVLAN_MODE_PRIVATE,
		[MACVLAN_VEPA]		= MACVLAN_MODE_VEPA,
		[MACVLAN_PASSTHRU]	= MACVLAN_MODE_PASSTHRU,
	};

	rtnl_put_u32(m, IFLA_MACVLAN_MODE, modes[i->mode]);
}

static void put_data(struct rtnl_msg *m, const struct plan_interface *i)
{
	switch (i->kind) {
	case KIND_BRIDGE:
		put_bridge(m);
		break;
	case KIND_VXLAN:
		put_vxlan(m, i);
		break;
	case KIND_MACVLAN:
		put_macvlan(m, i);
		break;
	case KIND_VLAN:
		rtnl_put_u16(m, IFLA_VLAN_ID, i->vlan);
		break;
	case KIND_VRF:
		rtnl_put_u32(m, IFLA_VRF_TABLE, i->table);
		break;
	case KIND_VETH:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_BOND:
	case KIND_WIREGUARD:
	case KIND_OPENVSWITCH:
	case KIND_LOOPBACK:
		break;
	}
}

void rtnl_build_link(struct rtnl_msg *m, const struct plan_interface *i,
		     int netns)
{
	struct nlattr *info, *data;

	link_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, i->ifindex);
	put_names(m, i);
	if (netns >= 0)
		rtnl_put_u32(m, IFLA_NET_NS_FD, netns);
	if (i->lower && (i->kind == KIND_MACVLAN || i->kind == KIND_VLAN))
		rtnl_put_u32(m, IFLA_LINK, i->lower);
	if (i->master)
		rtnl_put_u32(m, IFLA_MASTER, i->master);
	info = rtnl_nest(m, IFLA_LINKINFO);
	rtnl_put_str(m, IFLA_INFO_KIND, interface_kind_words[i->kind]);
	data = rtnl_nest(m, IFLA_INFO_DATA);
	put_data(m, i);
	rtnl_nest_end(m, data);
	rtnl_nest_end(m, info);
}

void rtnl_build_link_state(struct rtnl_msg *m, uint32_t ifindex, bool up)
{
	struct ifinfomsg *header = link_begin(m, RTM_NEWLINK, 0, ifindex);

	header->ifi_flags = up ? IFF_UP : 0;
	header->ifi_change = IFF_UP;
}

void rtnl_build_links_down(struct rtnl_msg *m)
{
	rtnl_build_link_state(m, 0, false);
	rtnl_put_u32(m, IFLA_GROUP, 0);
}

void rtnl_build_link_master(struct rtnl_msg *m, uint32_t ifindex,
			    uint32_t master)
{
	link_begin(m, RTM_NEWLINK, 0, ifindex);
	rtnl_put_u32(m, IFLA_MASTER, master);
}

void rtnl_build_link_mtu(struct rtnl_msg *m, uint32_t ifindex, uint32_t mtu)
{
	link_begin(m, RTM_NEWLINK, 0, ifindex);
	rtnl_put_u32(m, IFLA_MTU, mtu);
}

void rtnl_build_link_mac(struct rtnl_msg *m, uint32_t ifindex,
			 const uint8_t mac[6])
{
	link_begin(m, RTM_NEWLINK, 0, ifindex);
	rtnl_put(m, IFLA_ADDRESS, mac, 6);
}

void rtnl_build_link_carrier(struct rtnl_msg *m, uint32_t ifindex, bool on)
{
	link_begin(m, RTM_NEWLINK, 0, ifindex);
	rtnl_put_u8(m, IFLA_CARRIER, on);
}

void rtnl_build_link_quiet(struct rtnl_msg *m, uint32_t ifindex)
{
	struct nlattr *families, *inet6;

	link_begin(m, RTM_NEWLINK, 0, ifindex);
	families = rtnl_nest(m, IFLA_AF_SPEC);
	inet6 = rtnl_nest(m, AF_INET6);
	rtnl_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	rtnl_nest_end(m, inet6);
	rtnl_nest_end(m, families);
}

void rtnl_build_port(struct rtnl_msg *m, const struct plan_interface *i)
{
	struct ifinfomsg *header = link_begin(m, RTM_SETLINK, 0,
					      i->ifindex);
	struct nlattr *port;

	header->ifi_family = AF_BRIDGE;
	port = rtnl_nest(m, IFLA_PROTINFO);
	if (i->isolated)
		rtnl_put_u8(m, IFLA_BRPORT_ISOLATED, 1);
	if (i->hairpin)
		rtnl_put_u8(m, IFLA_BRPORT_MODE, 1);
	rtnl_nest_end(m, port);
}

void rtnl_build_link_delete(struct rtnl_msg *m, uint32_t ifindex)
{
	link_begin(m, RTM_DELLINK, 0, ifindex);
}

void rtnl_build_link_get(struct rtnl_msg *m, uint32_t ifindex,
			 const char *name)
{
	link_begin(m, RTM_GETLINK, 0, ifindex);
	rtnl_put_u32(m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (!ifindex)
		rtnl_put_str(m, IFLA_IFNAME, name);
}

void rtnl_build_netem(struct rtnl_msg *m, const struct plan_interface *i)
{
	struct tc_netem_qopt *option;
	struct nlattr *options;
	struct tcmsg *header;

	header = rtnl_msg_init(m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE,
			       sizeof(*header));
	header->tcm_ifindex = i->ifindex;
	header->tcm_parent = TC_H_ROOT;
	rtnl_put_str(m, TCA_KIND, "netem");
	options = rtnl_nest(m, TCA_OPTIONS);
	option = rtnl_put_header(m, sizeof(*option));
	option->limit = 1000;
	/* A share of 2^32, from hundredths of a percent */
	option->loss = i->loss >= 10000 ? UINT32_MAX :
					  (i->loss << 32) / 10000;
	rtnl_put_u64(m, TCA_NETEM_LATENCY64, i->delay_ns);
	rtnl_put_u64(m, TCA_NETEM_JITTER64, i->jitter_ns);
	if (i->rate) {
		struct tc_netem_rate rate = {
			.rate = i->rate > UINT32_MAX ? UINT32_MAX : i->rate,
		};

		if (i->rate > UINT32_MAX)
			rtnl_put_u64(m, TCA_NETEM_RATE64, i->rate);
		rtnl_put(m, TCA_NETEM_RATE, &rate, sizeof(rate));
	}
	rtnl_nest_end(m, options);
}
