// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * addresses.c - the addresses of a node's interfaces, as the kernel has them
 */
#include <errno.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <labcheck/err.h>

#include "dump.h"
#include "lab.h"
#include "message.h"

static int parse_address(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct ifaddrmsg *header = mnl_nlmsg_get_payload(answer);
	struct lc_interface_address *address;
	const struct nlattr *attr;

	if (answer->nlmsg_type != RTM_NEWADDR)
		return 0;
	address = dump_item(dump);
	if (!address)
		return -ENOMEM;
	address->ifindex = header->ifa_index;
	address->length = header->ifa_prefixlen;
	address->flags = header->ifa_flags;
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		switch (mnl_attr_get_type(attr)) {
		case IFA_LOCAL:
			address->ip = attribute_ip(attr);
			break;
		case IFA_ADDRESS:
			/* The other end's, if there is a local one too */
			if (!address->ip.family)
				address->ip = attribute_ip(attr);
			break;
		case IFA_FLAGS:
			address->flags = mnl_attr_get_u32(attr);
			break;
		}
	}
	return 0;
}

int lc_node_addresses(struct lc_node *node,
		      struct lc_interface_address **ret_addresses,
		      size_t *ret_count, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(**ret_addresses),
			     .parse = parse_address };
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
	r = dump_run(&dump, node, "addresses", &m, err);
	if (r)
		return r;
	*ret_addresses = dump.items;
	*ret_count = dump.count;
	return 0;
}
