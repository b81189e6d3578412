// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * neighbour_limit.c - whether the machine's neighbour tables were ever full
 *
 * All network namespaces share one table of IPv4 and one of IPv6 neighbours,
 * with room for net.ipv4.neigh.default.gc_thresh3 (1024) entries each.  Where
 * that does not do, packets vanish without a word, and ARP requests are not
 * answered: what looks like a broken network is a full machine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>

#include "lab/dump.h"
#include "lab/message.h"
#include "lab/neighbour_limit.h"

static int parse_table(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct nlattr *attr;
	struct ndt_stats stats;
	uint64_t *item;

	if (answer->nlmsg_type != RTM_NEWNEIGHTBL)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(struct ndtmsg)) {
		if (mnl_attr_get_type(attr) != NDTA_STATS ||
		    mnl_attr_get_payload_len(attr) < sizeof(stats))
			continue;
		memcpy(&stats, mnl_attr_get_payload(attr), sizeof(stats));
		item = dump_item(dump);
		if (!item)
			return -ENOMEM;
		*item = stats.ndts_table_fulls;
	}
	return 0;
}

int neighbour_overflows(struct lc_node *node, uint64_t *ret_count,
			struct lc_err *err)
{
	struct dump dump = { .size = sizeof(uint64_t), .parse = parse_table };
	struct rtnl_msg m;
	uint64_t count = 0;
	int r;

	rtnl_msg_init(&m, RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof(struct ndtmsg));
	r = dump_run(&dump, node, "neighbour limits", &m, err);
	if (r)
		return r;
	for (size_t i = 0; i < dump.count; i++)
		count += ((uint64_t *)dump.items)[i];
	free(dump.items);
	*ret_count = count;
	return 0;
}
