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
	bool hidden = false, *item;

	if (answer->nlmsg_type != RTM_NEWRULE)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		switch (mnl_attr_get_type(attr)) {
		case FRA_PRIORITY:
			priority = mnl_attr_get_u32(attr);
			break;
		case FRA_TABLE:
			table = mnl_attr_get_u32(attr);
			break;
		case FRA_FWMARK:
		case FRA_FWMASK:
		case FRA_UID_RANGE:
		case FRA_TUN_ID:
		case FRA_L3MDEV:
			hidden = true;
			break;
		}
	}
	if (is_own(priority, table))
		return 0;
	item = dump_item(dump);
	if (!item)
		return -ENOMEM;
	*item = hidden;
	return 0;
}

enum policies node_policies(struct lc_node *node, int family)
{
	struct dump dump = { .size = sizeof(bool), .parse = parse_rule };
	enum policies found = POLICIES_OWN;
	struct fib_rule_hdr *header;
	struct rtnl_msg m;

	header = rtnl_msg_init(&m, RTM_GETRULE, NLM_F_DUMP, sizeof(*header));
	header->family = (uint8_t)family;
	if (dump_run(&dump, node, "rules", &m, NULL))
		return POLICIES_HIDDEN;
	for (size_t i = 0; i < dump.count; i++) {
		const bool hidden = ((const bool *)dump.items)[i];

		if (found != POLICIES_HIDDEN)
			found = hidden ? POLICIES_HIDDEN : POLICIES_SEEN;
	}
	free(dump.items);
	return found;
}

bool node_has_policies(struct lc_node *node, int family)
{
	return node_policies(node, family) != POLICIES_OWN;
}
