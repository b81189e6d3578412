// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qdiscs.c - whether packets may wait in a node's queues
 *
 * The default queues of virtual interfaces hand a packet on at once.  A shaper
 * (tbf, netem, htb, ...) keeps it, however briefly, and so makes a path
 * asynchronous, even if a command of the scenario put it there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/gen_stats.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>

#include "lab/dump.h"
#include "lab/message.h"
#include "lab/qdiscs.h"

/* Those that hand on at once */
static const char *const prompt_kinds[] = {
	"noqueue", "pfifo_fast", "pfifo", "bfifo", "fq_codel", "mq", "ingress",
	"clsact",
};

static bool is_prompt(const char *kind)
{
	for (size_t i = 0; i < sizeof(prompt_kinds) / sizeof(*prompt_kinds);
	     i++)
		if (!strcmp(kind, prompt_kinds[i]))
			return true;
	return false;
}

/* False: nothing is told of it */
static bool read_queue(const struct nlattr *stats, struct gnet_stats_queue *ret)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, stats) {
		if (mnl_attr_get_type(attr) != TCA_STATS_QUEUE ||
		    mnl_attr_get_payload_len(attr) < sizeof(*ret))
			continue;
		memcpy(ret, mnl_attr_get_payload(attr), sizeof(*ret));
		return true;
	}
	return false;
}

static bool holds_packets(const struct nlattr *stats)
{
	struct gnet_stats_queue queue;

	return read_queue(stats, &queue) && queue.qlen > 0;
}

static int parse_qdisc(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct nlattr *attr;
	struct queues *queues;

	if (answer->nlmsg_type != RTM_NEWQDISC)
		return 0;
	queues = dump_item(dump);
	if (!queues)
		return -ENOMEM;
	mnl_attr_for_each(attr, answer, sizeof(struct tcmsg)) {
		switch (mnl_attr_get_type(attr)) {
		case TCA_KIND:
			queues->shaped = !is_prompt(mnl_attr_get_str(attr));
			break;
		case TCA_STATS2:
			queues->waiting = holds_packets(attr);
			break;
		}
	}
	return 0;
}

int node_queues(struct lc_node *node, struct queues *ret, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(*ret), .parse = parse_qdisc };
	const struct queues *each;
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
	r = dump_run(&dump, node, "queues of ", &m, err);
	if (r)
		return r;
	each = dump.items;
	*ret = (struct queues){ 0 };
	for (size_t i = 0; i < dump.count; i++) {
		ret->shaped |= each[i].shaped;
		ret->waiting |= each[i].waiting;
	}
	free(dump.items);
	return 0;
}

static uint32_t losses_of(const struct nlattr *stats)
{
	struct gnet_stats_queue queue;

	return read_queue(stats, &queue) ? queue.drops : 0;
}

static int parse_losses(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct tcmsg *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr;
	struct queue_losses *losses;

	if (answer->nlmsg_type != RTM_NEWQDISC)
		return 0;
	losses = dump_item(dump);
	if (!losses)
		return -ENOMEM;
	losses->ifindex = (uint32_t)header->tcm_ifindex;
	losses->parent = header->tcm_parent;
	losses->handle = header->tcm_handle;
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		if (mnl_attr_get_type(attr) == TCA_KIND)
			snprintf(losses->kind, sizeof(losses->kind), "%s",
				 mnl_attr_get_str(attr));
		else if (mnl_attr_get_type(attr) == TCA_STATS2)
			losses->packets = losses_of(attr);
	}
	return 0;
}

int node_queue_losses(struct lc_node *node, struct queue_losses **ret_losses,
		      size_t *ret_count)
{
	struct dump dump = { .size = sizeof(**ret_losses),
			     .parse = parse_losses };
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
	r = dump_run(&dump, node, "queues of ", &m, NULL);
	if (r)
		return r;
	*ret_losses = dump.items;
	*ret_count = dump.count;
	return 0;
}
