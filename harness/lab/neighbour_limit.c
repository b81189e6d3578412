// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * neighbour_limit.c - what the machine's neighbour tables have no room or no time for
 *
 * All network namespaces share one table of IPv4 and one of IPv6 neighbours,
 * with room for net.ipv4.neigh.default.gc_thresh3 (1024) entries each.  Where
 * that does not do, packets vanish without a word, and ARP requests are not
 * answered: what looks like a broken network is a full machine.
 *
 * The tables also know how many questions are to be answered later: the kernel
 * waits for a random time, 0.8 s at the most, before it answers for another host.
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

/** struct table - What one of the tables knows */
struct table {
	uint64_t fulls;
	size_t delayed;
};

static struct table *this_table(struct dump *dump)
{
	return (struct table *)dump->items + dump->count - 1;
}

/* Each table comes once with its numbers, and once for each interface */
static int parse_table(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct nlattr *attr;
	struct ndt_stats stats;
	struct ndt_config config;

	if (answer->nlmsg_type != RTM_NEWNEIGHTBL)
		return 0;
	if (!dump_item(dump))
		return -ENOMEM;
	mnl_attr_for_each(attr, answer, sizeof(struct ndtmsg)) {
		if (mnl_attr_get_type(attr) == NDTA_STATS &&
		    mnl_attr_get_payload_len(attr) >= sizeof(stats)) {
			memcpy(&stats, mnl_attr_get_payload(attr),
			       sizeof(stats));
			this_table(dump)->fulls = stats.ndts_table_fulls;
		}
		if (mnl_attr_get_type(attr) == NDTA_CONFIG &&
		    mnl_attr_get_payload_len(attr) >= sizeof(config)) {
			memcpy(&config, mnl_attr_get_payload(attr),
			       sizeof(config));
			this_table(dump)->delayed = config.ndtc_proxy_qlen;
		}
	}
	return 0;
}

static int read_tables(struct lc_node *node, struct table *ret_sum,
		       struct lc_err *err)
{
	struct dump dump = { .size = sizeof(struct table),
			     .parse = parse_table };
	const struct table *tables;
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof(struct ndtmsg));
	r = dump_run(&dump, node, "neighbour limits", &m, err);
	if (r)
		return r;
	*ret_sum = (struct table){ 0 };
	tables = dump.items;
	for (size_t i = 0; i < dump.count; i++) {
		ret_sum->fulls += tables[i].fulls;
		ret_sum->delayed += tables[i].delayed;
	}
	free(dump.items);
	return 0;
}

int neighbour_overflows(struct lc_node *node, uint64_t *ret_count,
			struct lc_err *err)
{
	struct table sum;
	int r = read_tables(node, &sum, err);

	if (!r)
		*ret_count = sum.fulls;
	return r;
}

int neighbour_answers_delayed(struct lc_node *node, size_t *ret_count,
			      struct lc_err *err)
{
	struct table sum;
	int r = read_tables(node, &sum, err);

	if (!r)
		*ret_count = sum.delayed;
	return r;
}
