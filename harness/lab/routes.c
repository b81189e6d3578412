// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * routes.c - a node's routing tables, and what the kernel would do with them
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "dump.h"
#include "lab.h"
#include "message.h"
#include "route_query.h"
#include "rtnl.h"
#include "scenario/address.h"

/* RTA_VIA: a gateway of another family than the route's */
static struct lc_ip read_via(const struct nlattr *attr)
{
	size_t size = mnl_attr_get_payload_len(attr);
	const struct rtvia *via = mnl_attr_get_payload(attr);
	struct lc_ip ip = { 0 };

	if (size < sizeof(*via))
		return ip;
	size -= sizeof(*via);
	if (size > sizeof(ip.v6))
		return ip;
	ip.family = via->rtvia_family;
	memcpy(ip.bytes, via->rtvia_addr, size);
	return ip;
}

static void read_attribute(struct lc_route *route, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		route->to = attribute_ip(attr);
		break;
	case RTA_GATEWAY:
		route->via = attribute_ip(attr);
		break;
	case RTA_VIA:
		route->via = read_via(attr);
		break;
	case RTA_PREFSRC:
		route->source = attribute_ip(attr);
		break;
	case RTA_OIF:
		route->ifindex = mnl_attr_get_u32(attr);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(attr);
		break;
	case RTA_TABLE:
		route->table = mnl_attr_get_u32(attr);
		break;
	}
}

/* Each next hop of a multipath route becomes a route of its own */
static int read_hops(struct dump *dump, const struct lc_route *route,
		     const struct nlattr *hops)
{
	const char *at = mnl_attr_get_payload(hops);
	int left = mnl_attr_get_payload_len(hops);

	while (left >= (int)sizeof(struct rtnexthop)) {
		const struct rtnexthop *hop = (const void *)at;
		const void *first = at + sizeof(*hop);
		struct lc_route *item;
		const struct nlattr *attr;

		if (hop->rtnh_len < sizeof(*hop) || hop->rtnh_len > left)
			return 0;
		item = dump_item(dump);
		if (!item)
			return -ENOMEM;
		*item = *route;
		item->ifindex = hop->rtnh_ifindex;
		item->flags = hop->rtnh_flags;
		mnl_attr_for_each_payload(first, hop->rtnh_len - sizeof(*hop))
			read_attribute(item, attr);
		rtnl_ifname(dump->rtnl, item->ifindex, item->dev);
		at += MNL_ALIGN(hop->rtnh_len);
		left -= MNL_ALIGN(hop->rtnh_len);
	}
	return 0;
}

static int parse_route(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr, *hops = NULL;
	struct lc_route route = {
		.type = header->rtm_type,
		.protocol = header->rtm_protocol,
		.scope = header->rtm_scope,
		.table = header->rtm_table,
		.to.family = header->rtm_family,
		.length = header->rtm_dst_len,
		.flags = header->rtm_flags,
	};
	struct lc_route *item;

	if (answer->nlmsg_type != RTM_NEWROUTE)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		read_attribute(&route, attr);
		if (mnl_attr_get_type(attr) == RTA_MULTIPATH)
			hops = attr;
	}
	if (hops)
		return read_hops(dump, &route, hops);
	item = dump_item(dump);
	if (!item)
		return -ENOMEM;
	if (route.ifindex)
		rtnl_ifname(dump->rtnl, route.ifindex, route.dev);
	*item = route;
	return 0;
}

int lc_node_routes(struct lc_node *node, struct lc_route **ret_routes,
		   size_t *ret_count, struct lc_err *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct dump dump = { .size = sizeof(**ret_routes),
			     .parse = parse_route };
	int r;

	for (size_t i = 0; i < 2; i++) {
		struct rtmsg *header;
		struct rtnl_msg m;

		header = rtnl_msg_init(&m, RTM_GETROUTE, NLM_F_DUMP,
				       sizeof(*header));
		header->rtm_family = families[i];
		r = dump_run(&dump, node, "routes", &m, err);
		if (r)
			return r;
	}
	*ret_routes = dump.items;
	*ret_count = dump.count;
	return 0;
}

/*
 * EINVAL is what a blackhole answers, and what a question that makes no sense
 * answers (a source address that is not the node's own).  So look for the
 * blackhole itself: the longest prefix that holds the address, of any table.
 */
static bool is_blackhole(struct lc_node *node, const struct lc_ip *to)
{
	lc_auto(lc_free) struct lc_route *routes = NULL;
	const struct lc_route *best = NULL;
	size_t count;

	if (lc_node_routes(node, &routes, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct lc_route *route = &routes[i];

		if (prefix_contains(&route->to, route->length, to) &&
		    (!best || route->length > best->length ||
		     (route->length == best->length &&
		      route->metric < best->metric)))
			best = route;
	}
	return best && best->type == RTN_BLACKHOLE;
}

static void build_lookup(struct rtnl_msg *m, const struct route_query *of)
{
	const int family = of->to.family;
	struct rtmsg *header;

	header = rtnl_msg_init(m, RTM_GETROUTE, 0, sizeof(*header));
	header->rtm_family = (uint8_t)family;
	header->rtm_dst_len = ip_bits(family);
	/* IPv6 names the table unasked, and refuses the flag */
	if (family == AF_INET)
		header->rtm_flags = RTM_F_LOOKUP_TABLE;
	rtnl_put_ip(m, RTA_DST, &of->to);
	if (of->source.family == family) {
		header->rtm_src_len = ip_bits(family);
		rtnl_put_ip(m, RTA_SRC, &of->source);
	}
	if (of->came_in_at)
		rtnl_put_u32(m, RTA_IIF, of->came_in_at);
	if (of->protocol)
		rtnl_put_u8(m, RTA_IP_PROTO, of->protocol);
	if (of->source_port)
		rtnl_put_u16(m, RTA_SPORT, htons(of->source_port));
	if (of->destination_port)
		rtnl_put_u16(m, RTA_DPORT, htons(of->destination_port));
}

int node_route(struct lc_node *node, const struct route_query *of,
	       struct lc_route *ret_route, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(*ret_route),
			     .parse = parse_route };
	char text[LC_IP_TEXT], what[LC_IP_TEXT + 16];
	struct rtnl_msg m;
	int r;

	/* A node that can't be asked must not look like one that has no route */
	r = node_open(node, err);
	if (r)
		return r == -EINVAL || r == -EACCES ? -EIO : r;
	build_lookup(&m, of);
	snprintf(what, sizeof(what), "route to %s", lc_ip_format(&of->to, text));
	r = dump_run(&dump, node, what, &m, err);
	if (r == -EINVAL && !of->came_in_at && !is_blackhole(node, &of->to))
		return -EADDRNOTAVAIL;
	if (r)
		return r;
	if (!dump.count)
		return lc_err_set(err, -EIO, "%s on %s: no answer", what,
				  lc_node_name(node));
	*ret_route = *(struct lc_route *)dump.items;
	free(dump.items);
	return 0;
}

int lc_node_lookup(struct lc_node *node, const struct lc_ip *to,
		   const struct lc_ip *source, struct lc_route *ret_route,
		   struct lc_err *err)
{
	struct route_query of = { .to = *to };

	if (source)
		of.source = *source;
	return node_route(node, &of, ret_route, err);
}
