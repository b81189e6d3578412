// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forwarding.c - whether a node forwards packets of others
 *
 * The plan knows what a node began with; a command may have changed it since.
 */
#include <errno.h>
#include <stdlib.h>
#include <libmnl/libmnl.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>

#include "lab/dump.h"
#include "lab/forwarding.h"
#include "lab/message.h"

static int parse_netconf(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct nlattr *attr;
	bool forwards = false, real = true;

	if (answer->nlmsg_type != RTM_NEWNETCONF)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(struct netconfmsg)) {
		switch (mnl_attr_get_type(attr)) {
		case NETCONFA_IFINDEX:
			real = (int)mnl_attr_get_u32(attr) !=
			       NETCONFA_IFINDEX_DEFAULT;
			break;
		case NETCONFA_FORWARDING:
			forwards = mnl_attr_get_u32(attr);
			break;
		}
	}
	return forwards && real && !dump_item(dump) ? -ENOMEM : 0;
}

int node_forwards(struct lc_node *node, bool *ret_forwards, struct lc_err *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct dump dump = { .size = 1, .parse = parse_netconf };

	for (size_t i = 0; i < sizeof(families) && !dump.count; i++) {
		struct netconfmsg *header;
		struct rtnl_msg m;
		int r;

		header = rtnl_msg_init(&m, RTM_GETNETCONF, NLM_F_DUMP,
				       sizeof(*header));
		header->ncm_family = families[i];
		r = dump_run(&dump, node, "forwarding", &m, err);
		if (r)
			return r;
	}
	*ret_forwards = dump.count > 0;
	free(dump.items);
	return 0;
}
