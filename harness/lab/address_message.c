// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_message.c - requests for addresses, neighbours and routes; pure
 */
#include <string.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "address_message.h"
#include "message.h"
#include "scenario/plan.h"

void rtnl_build_address(struct rtnl_msg *m, uint32_t ifindex,
			const struct lc_ip *ip, uint8_t length)
{
	struct ifaddrmsg *header = rtnl_msg_init(
		m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*header));

	header->ifa_family = ip->family;
	header->ifa_prefixlen = length;
	header->ifa_index = ifindex;
	if (ip->family == AF_INET6)
		header->ifa_flags = IFA_F_NODAD;
	rtnl_put_ip(m, IFA_LOCAL, ip);
	rtnl_put_ip(m, IFA_ADDRESS, ip);
}

void rtnl_build_neighbour(struct rtnl_msg *m, const struct plan_neighbor *n)
{
	struct ndmsg *header = rtnl_msg_init(
		m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*header));

	header->ndm_family = n->ip.family;
	header->ndm_ifindex = n->ifindex;
	header->ndm_state = NUD_PERMANENT;
	rtnl_put_ip(m, NDA_DST, &n->ip);
	rtnl_put(m, NDA_LLADDR, n->mac, sizeof(n->mac));
}

static struct ndmsg *neighbour_entry(struct rtnl_msg *m, uint16_t type,
				     uint16_t flags, uint32_t ifindex,
				     const struct lc_ip *ip)
{
	struct ndmsg *header = rtnl_msg_init(m, type, flags, sizeof(*header));

	header->ndm_family = ip->family;
	header->ndm_ifindex = ifindex;
	rtnl_put_ip(m, NDA_DST, ip);
	return header;
}

void rtnl_build_neighbour_heard(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip, const uint8_t mac[6])
{
	neighbour_entry(m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, ifindex,
			ip)->ndm_state = NUD_STALE;
	rtnl_put(m, NDA_LLADDR, mac, 6);
}

/* NTF_USE: its state stays as it is */
void rtnl_build_neighbour_vouch(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip)
{
	neighbour_entry(m, RTM_NEWNEIGH, 0, ifindex, ip)->ndm_flags =
		NTF_USE | NTF_EXT_LEARNED;
}

void rtnl_build_neighbour_blank(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip)
{
	struct ndmsg *header = neighbour_entry(m, RTM_NEWNEIGH,
					       NLM_F_CREATE | NLM_F_EXCL,
					       ifindex, ip);

	header->ndm_state = NUD_NONE;
	header->ndm_flags = NTF_EXT_LEARNED;
}

void rtnl_build_neighbour_delete(struct rtnl_msg *m, uint32_t ifindex,
				 const struct lc_ip *ip)
{
	neighbour_entry(m, RTM_DELNEIGH, 0, ifindex, ip);
}

void rtnl_build_neighbour_failed(struct rtnl_msg *m, uint32_t ifindex,
				 const struct lc_ip *ip)
{
	struct ndmsg *header = rtnl_msg_init(m, RTM_NEWNEIGH, 0,
					     sizeof(*header));

	header->ndm_family = ip->family;
	header->ndm_ifindex = ifindex;
	header->ndm_state = NUD_FAILED;
	rtnl_put_ip(m, NDA_DST, ip);
}

static void fdb_entry(struct rtnl_msg *m, uint16_t type, uint16_t flags,
		      const struct plan_fdb *fdb)
{
	struct ndmsg *header = rtnl_msg_init(m, type, flags, sizeof(*header));

	header->ndm_family = AF_BRIDGE;
	header->ndm_ifindex = fdb->ifindex;
	header->ndm_state = NUD_PERMANENT;
	header->ndm_flags = fdb->dst.family ? NTF_SELF : NTF_MASTER;
	rtnl_put(m, NDA_LLADDR, fdb->mac, sizeof(fdb->mac));
	rtnl_put_ip(m, NDA_DST, &fdb->dst);
}

void rtnl_build_fdb(struct rtnl_msg *m, const struct plan_fdb *fdb)
{
	fdb_entry(m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, fdb);
}

void rtnl_build_fdb_delete(struct rtnl_msg *m, const struct plan_fdb *fdb)
{
	fdb_entry(m, RTM_DELNEIGH, 0, fdb);
}

static uint8_t route_type(const struct plan_route *route)
{
	static const uint8_t types[] = {
		[ROUTE_UNICAST]		= RTN_UNICAST,
		[ROUTE_BLACKHOLE]	= RTN_BLACKHOLE,
		[ROUTE_UNREACHABLE]	= RTN_UNREACHABLE,
		[ROUTE_PROHIBIT]	= RTN_PROHIBIT,
	};

	return types[route->type];
}

/* IPv4 by way of an IPv6 router, RFC 8950 */
static void put_via(struct rtnl_msg *m, const struct lc_ip *ip)
{
	struct {
		uint16_t family;
		uint8_t address[sizeof(ip->v6)];
	} via = { .family = ip->family };

	memcpy(via.address, ip->bytes, sizeof(via.address));
	rtnl_put(m, RTA_VIA, &via, sizeof(via));
}

/* What `ip route add` asks for: EXCL, so that a second route to the same
 * place is refused; protocol boot; an IPv4 route without gateway on-link */
void rtnl_build_route(struct rtnl_msg *m, const struct plan_route *route)
{
	struct rtmsg *header = rtnl_msg_init(
		m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*header));

	header->rtm_family = route->family;
	header->rtm_dst_len = route->is_default ? 0 : route->length;
	header->rtm_protocol = RTPROT_BOOT;
	header->rtm_type = route_type(route);
	header->rtm_table = route->table < 256 ? route->table : RT_TABLE_COMPAT;
	if (route->family == AF_INET && route->type == ROUTE_UNICAST &&
	    !route->via.family)
		header->rtm_scope = RT_SCOPE_LINK;
	if (route->onlink)
		header->rtm_flags = RTNH_F_ONLINK;
	rtnl_put_u32(m, RTA_TABLE, route->table);
	if (!route->is_default)
		rtnl_put_ip(m, RTA_DST, &route->to);
	if (route->via.family == route->family) {
		rtnl_put_ip(m, RTA_GATEWAY, &route->via);
	} else if (route->via.family) {
		put_via(m, &route->via);
	}
	rtnl_put_ip(m, RTA_PREFSRC, &route->source);
	if (route->ifindex)
		rtnl_put_u32(m, RTA_OIF, route->ifindex);
	if (route->metric)
		rtnl_put_u32(m, RTA_PRIORITY, route->metric);
}

void rtnl_build_neighbour_patience(struct rtnl_msg *m, int family,
				   uint32_t ifindex, uint64_t retrans_ms)
{
	struct nlattr *parameters;
	struct ndtmsg *header;

	header = rtnl_msg_init(m, RTM_SETNEIGHTBL, NLM_F_REPLACE,
			       sizeof(*header));
	header->ndtm_family = family;
	rtnl_put_str(m, NDTA_NAME,
		     family == AF_INET ? "arp_cache" : "ndisc_cache");
	parameters = rtnl_nest(m, NDTA_PARMS);
	rtnl_put_u32(m, NDTPA_IFINDEX, ifindex);
	rtnl_put_u64(m, NDTPA_RETRANS_TIME, retrans_ms);
	rtnl_put_u64(m, NDTPA_PROXY_DELAY, 0);
	rtnl_nest_end(m, parameters);
}
