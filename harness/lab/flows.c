// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows.c - a node's table of connections, as conntrack(8) shows it
 *
 * A namespace in which no rule asks for connection tracking has none: the
 * kernel registers its hooks with the first rule that needs them.  Its table is
 * then empty, which is the truth and no error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/dump.h"
#include "lab/lab.h"

enum { RECEIVE_BYTES = 64 << 10, DUMP_TRIES = 20 };

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

/* One datagram of the answer; 1: the end, -EINTR: the table changed meanwhile
 */
static int read_part(int fd, uint8_t *buffer, struct dump *dump)
{
	ssize_t n = recv(fd, buffer, RECEIVE_BYTES, 0);
	int left = (int)n, r = 0;

	if (n < 0)
		return -errno;
	for (const struct nlmsghdr *h = (void *)buffer;
	     mnl_nlmsg_ok(h, left) && !r; h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)mnl_nlmsg_get_payload(h))
				->error;
		r = parse_flow(h, dump);
	}
	return r;
}

static int ask(int fd, struct dump *dump)
{
	lc_auto(lc_free) uint8_t *buffer = malloc(RECEIVE_BYTES);
	char bytes[NLMSG_SPACE(sizeof(struct nfgenmsg))] = {0};
	struct nlmsghdr *h = mnl_nlmsg_put_header(bytes);
	struct nfgenmsg *g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	int r;

	if (!buffer)
		return -ENOMEM;
	h->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	g->version = NFNETLINK_V0; /* nfgen_family 0: all */
	dump->count = 0;
	if (send(fd, h, h->nlmsg_len, 0) < 0)
		return -errno;
	do
		r = read_part(fd, buffer, dump);
	while (!r);
	return r < 0 ? r : 0;
}

int lc_node_flows(struct lc_node *node, struct lc_flow **ret_flows,
		  size_t *ret_count, struct lc_err *err)
{
	struct dump dump = {.size = sizeof(**ret_flows)};
	int r = -EINTR;

	/* A socket of its own for each try: what is left of one that was cut
	 * short is never taken for the next one's */
	for (int i = 0; i < DUMP_TRIES && r == -EINTR; i++) {
		lc_auto(lc_close) int fd = node_socket(
			node, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER, err);

		if (fd < 0) {
			free(dump.items);
			return fd;
		}
		r = ask(fd, &dump);
	}
	if (r) {
		free(dump.items);
		return lc_err_set(err, r, "connections of %s: %s",
				  lc_node_name(node),
				  r == -EINVAL || r == -EOPNOTSUPP
					  ? "this kernel does not tell them "
					    "(CONFIG_NF_CT_NETLINK)"
					  : strerror(-r));
	}
	*ret_flows = dump.items;
	*ret_count = dump.count;
	return 0;
}
