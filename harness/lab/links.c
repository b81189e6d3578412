// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * links.c - a node's interfaces, as the kernel has them
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "dump.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "nsid.h"
#include "rtnl.h"

static void copy_text(char *to, size_t size, const struct nlattr *attr)
{
	size_t length = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	length = strnlen(text, length < size ? length : size - 1);
	memcpy(to, text, length);
	to[length] = '\0';
}

/* What its bridge says of it (IFLA_BRPORT_...) */
static void read_port(struct lc_link *link, const struct nlattr *port)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, port) {
		if (mnl_attr_get_type(attr) == IFLA_BRPORT_ISOLATED)
			link->isolated = mnl_attr_get_u8(attr);
		else if (mnl_attr_get_type(attr) == IFLA_BRPORT_LOCKED)
			link->locked = mnl_attr_get_u8(attr);
		else if (mnl_attr_get_type(attr) == IFLA_BRPORT_STATE)
			link->port_state = mnl_attr_get_u8(attr);
	}
}

static void read_vxlan(struct lc_link *link, const struct nlattr *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, data) {
		if (mnl_attr_get_type(attr) == IFLA_VXLAN_ID)
			link->vni = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == IFLA_VXLAN_PORT)
			link->port = ntohs(mnl_attr_get_u16(attr));
	}
}

static void read_info(struct lc_link *link, const struct nlattr *info)
{
	const struct nlattr *attr, *slave = NULL, *data = NULL;
	bool bridged = false;

	mnl_attr_for_each_nested(attr, info) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_INFO_KIND:
			copy_text(link->kind, sizeof(link->kind), attr);
			break;
		case IFLA_INFO_SLAVE_KIND:
			bridged = !strcmp(mnl_attr_get_str(attr), "bridge");
			break;
		case IFLA_INFO_SLAVE_DATA:
			slave = attr;
			break;
		case IFLA_INFO_DATA:
			data = attr;
			break;
		}
	}
	if (bridged && slave)
		read_port(link, slave);
	if (data && !strcmp(link->kind, "vxlan"))
		read_vxlan(link, data);
}

static void read_attribute(struct lc_link *link, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		copy_text(link->name, sizeof(link->name), attr);
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attr) == sizeof(link->mac))
			memcpy(link->mac, mnl_attr_get_payload(attr),
			       sizeof(link->mac));
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_OPERSTATE:
		link->operstate = mnl_attr_get_u8(attr);
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK:
		link->peer = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK_NETNSID:
		link->peer_nsid = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINKINFO:
		read_info(link, attr);
		break;
	}
}

static int parse_link(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr;
	struct lc_link *link;

	if (answer->nlmsg_type != RTM_NEWLINK)
		return 0;
	link = dump_item(dump);
	if (!link)
		return -ENOMEM;
	link->ifindex = header->ifi_index;
	link->flags = header->ifi_flags;
	link->peer_nsid = link->lower_nsid = -1;
	mnl_attr_for_each(attr, answer, sizeof(*header))
		read_attribute(link, attr);
	/* Of other kinds this is the interface below */
	if (strcmp(link->kind, "veth") != 0) {
		link->lower = link->peer;
		link->lower_nsid = link->peer_nsid;
		link->peer = 0;
		link->peer_nsid = -1;
	}
	return 0;
}

int lc_node_links(struct lc_node *node, struct lc_link **ret_links,
		  size_t *ret_count, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(**ret_links),
			     .parse = parse_link };
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	rtnl_put_u32(&m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	r = dump_run(&dump, node, "links", &m, err);
	if (r)
		return r;
	*ret_links = dump.items;
	*ret_count = dump.count;
	return 0;
}

int lc_node_link(struct lc_node *node, const char *name,
		 struct lc_link *ret_link, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(*ret_link), .parse = parse_link };
	struct rtnl_msg m;
	int r;

	rtnl_build_link_get(&m, 0, name);
	r = dump_run(&dump, node, name, &m, err);
	if (r == -ENODEV || (!r && !dump.count))
		return lc_err_set(err, -ENODEV, "no interface %s on %s", name,
				  lc_node_name(node));
	if (r)
		return r;
	*ret_link = *(struct lc_link *)dump.items;
	free(dump.items);
	return 0;
}

int lc_node_peer(struct lc_node *node, const struct lc_link *link,
		 struct lc_node *other, const struct lc_link *other_link,
		 bool *ret_is_peer, struct lc_err *err)
{
	bool same;
	int32_t id;
	int r;

	*ret_is_peer = false;
	if (!link->peer || link->peer != other_link->ifindex ||
	    other_link->peer != link->ifindex)
		return 0;
	r = lc_node_same_netns(node, other, &same, err);
	if (r)
		return r;
	if (same || link->peer_nsid < 0) {
		*ret_is_peer = same && link->peer_nsid < 0;
		return 0;
	}
	r = node_nsid(node, other, &id, err);
	if (r)
		return r;
	*ret_is_peer = id == link->peer_nsid;
	return 0;
}

bool node_link(struct lc_node *node, uint32_t ifindex, struct lc_link *ret_link)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (links[i].ifindex == ifindex) {
			*ret_link = links[i];
			return true;
		}
	return false;
}
