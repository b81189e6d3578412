// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * policies.c - rules that choose a routing table
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>

#include "dump.h"
#include "message.h"
#include "policies.h"
#include "rtnl.h"

/* Those that each namespace is born with: local, main and default */
static bool is_own(uint32_t priority, uint32_t table)
{
	return (priority == 0 && table == RT_TABLE_LOCAL) ||
	       (priority == 32766 && table == RT_TABLE_MAIN) ||
	       (priority == 32767 && table == RT_TABLE_DEFAULT);
}

static int parse_rule(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct fib_rule_hdr *header = mnl_nlmsg_get_payload(answer);
	uint32_t priority = 0, table = header->table;
	const struct nlattr *attr;

	if (answer->nlmsg_type != RTM_NEWRULE)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		if (mnl_attr_get_type(attr) == FRA_PRIORITY)
			priority = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == FRA_TABLE)
			table = mnl_attr_get_u32(attr);
	}
	return is_own(priority, table) || dump_item(dump) ? 0 : -ENOMEM;
}

bool node_has_policies(struct lc_node *node, int family)
{
	struct dump dump = { .size = 1, .parse = parse_rule };
	struct fib_rule_hdr *header;
	struct rtnl_msg m;

	header = rtnl_msg_init(&m, RTM_GETRULE, NLM_F_DUMP, sizeof(*header));
	header->family = (uint8_t)family;
	if (dump_run(&dump, node, "rules", &m, NULL))
		return true;
	free(dump.items);
	return dump.count > 0;
}
