// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows.c - a node's table of connections, as conntrack(8) shows it
 *
 * A namespace in which no rule asks for connection tracking has none: the
 * kernel registers its hooks with the first rule that needs them.  Its table is
 * then empty, which is the truth and no error.
 */
#include <errno.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <labcheck/lab.h>

#include "lab/dump.h"
#include "lab/netfilter_dump.h"

static void parse_address(const struct nlattr *nest, struct lc_ends *ends)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		switch (mnl_attr_get_type(attr)) {
		case CTA_IP_V4_SRC:
		case CTA_IP_V6_SRC:
			ends->source = attribute_ip(attr);
			break;
		case CTA_IP_V4_DST:
		case CTA_IP_V6_DST:
			ends->destination = attribute_ip(attr);
			break;
		}
	}
}

static void parse_protocol(const struct nlattr *nest, struct lc_flow *flow,
			   struct lc_ends *ends)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		switch (mnl_attr_get_type(attr)) {
		case CTA_PROTO_NUM:
			flow->protocol = mnl_attr_get_u8(attr);
			break;
		case CTA_PROTO_SRC_PORT:
			ends->source_port = ntohs(mnl_attr_get_u16(attr));
			break;
		case CTA_PROTO_DST_PORT:
			ends->destination_port = ntohs(mnl_attr_get_u16(attr));
			break;
		case CTA_PROTO_ICMP_ID:
		case CTA_PROTO_ICMPV6_ID:
			ends->source_port = ends->destination_port =
				ntohs(mnl_attr_get_u16(attr));
			break;
		}
	}
}

static void parse_tuple(const struct nlattr *nest, struct lc_flow *flow,
			struct lc_ends *ends)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		if (mnl_attr_get_type(attr) == CTA_TUPLE_IP)
			parse_address(attr, ends);
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_PROTO)
			parse_protocol(attr, flow, ends);
	}
}

static int parse_flow(const struct nlmsghdr *answer, struct dump *dump)
{
	struct lc_flow *flow = dump_item(dump);
	const struct nlattr *attr;

	if (!flow)
		return -ENOMEM;
	mnl_attr_for_each(attr, answer, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG)
			parse_tuple(attr, flow, &flow->original);
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_REPLY)
			parse_tuple(attr, flow, &flow->reply);
	}
	return 0;
}

int lc_node_flows(struct lc_node *node, struct lc_flow **ret_flows,
		  size_t *ret_count, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(**ret_flows),
			     .parse = parse_flow };
	int r = netfilter_dump(node,
			       NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
			       &dump, "connections", "CONFIG_NF_CT_NETLINK",
			       err);

	if (r)
		return r;
	*ret_flows = dump.items;
	*ret_count = dump.count;
	return 0;
}
