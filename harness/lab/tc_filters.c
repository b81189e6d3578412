// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tc_filters.c - what the filters of tc(8) have done with packets
 *
 * A filter matches, its actions decide, and these count.  Each classifier has them
 * under an attribute of its own.  A program (bpf, direct-action) decides by itself
 * and counts nothing; what it drops is in the sum of its hook.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/gen_stats.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>

#include <labcheck/auto.h>

#include "lab/dump.h"
#include "lab/message.h"
#include "lab/qdiscs.h"
#include "lab/tc_filters.h"

static const struct {
	const char *kind;
	uint16_t actions;
} classifiers[] = {
	{ "u32", TCA_U32_ACT },	      { "bpf", TCA_BPF_ACT },
	{ "flower", TCA_FLOWER_ACT }, { "matchall", TCA_MATCHALL_ACT },
	{ "basic", TCA_BASIC_ACT },   { "fw", TCA_FW_ACT },
	{ "cgroup", TCA_CGROUP_ACT }, { "route", TCA_ROUTE4_ACT },
	{ "flow", TCA_FLOW_ACT },
};

static void read_stats(const struct nlattr *stats, struct tc_action *a)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, stats) {
		const void *data = mnl_attr_get_payload(attr);
		const size_t size = mnl_attr_get_payload_len(attr);
		struct gnet_stats_basic basic;
		struct gnet_stats_queue queue;

		if (mnl_attr_get_type(attr) == TCA_STATS_BASIC &&
		    size >= offsetof(struct gnet_stats_basic, packets) + 4) {
			memcpy(&basic, data,
			       size < sizeof(basic) ? size : sizeof(basic));
			a->passed = basic.packets;
		}
		if (mnl_attr_get_type(attr) == TCA_STATS_QUEUE &&
		    size >= sizeof(queue)) {
			memcpy(&queue, data, sizeof(queue));
			a->dropped = queue.drops;
		}
	}
}

static void read_mirred(const struct nlattr *options, struct tc_action *a)
{
	const struct nlattr *attr;
	struct tc_mirred m;

	mnl_attr_for_each_nested(attr, options) {
		if (mnl_attr_get_type(attr) != TCA_MIRRED_PARMS ||
		    mnl_attr_get_payload_len(attr) < sizeof(m))
			continue;
		memcpy(&m, mnl_attr_get_payload(attr), sizeof(m));
		if (m.eaction == TCA_EGRESS_REDIR ||
		    m.eaction == TCA_INGRESS_REDIR)
			a->moved_to = m.ifindex;
	}
}

static void read_action(const struct nlattr *action, struct tc_action *a)
{
	const struct nlattr *attr, *options = NULL;

	a->order = mnl_attr_get_type(action);
	mnl_attr_for_each_nested(attr, action) {
		switch (mnl_attr_get_type(attr)) {
		case TCA_ACT_KIND:
			snprintf(a->action, sizeof(a->action), "%s",
				 mnl_attr_get_str(attr));
			break;
		case TCA_ACT_OPTIONS:
			options = attr;
			break;
		case TCA_ACT_STATS:
			read_stats(attr, a);
			break;
		}
	}
	if (options && !strcmp(a->action, "mirred"))
		read_mirred(options, a);
}

static int read_actions(const struct nlattr *actions,
			const struct tc_action *filter, struct dump *dump)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, actions) {
		struct tc_action *a = dump_item(dump);

		if (!a)
			return -ENOMEM;
		*a = *filter;
		read_action(attr, a);
	}
	return 0;
}

static uint16_t actions_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(classifiers) / sizeof(*classifiers); i++)
		if (!strcmp(classifiers[i].kind, kind))
			return classifiers[i].actions;
	return 0;
}

static bool is_program(const char *kind, const struct nlattr *options)
{
	const struct nlattr *attr;

	if (strcmp(kind, "bpf") != 0)
		return false;
	mnl_attr_for_each_nested(attr, options)
		if (mnl_attr_get_type(attr) == TCA_BPF_FLAGS)
			return mnl_attr_get_u32(attr) & TCA_BPF_FLAG_ACT_DIRECT;
	return false;
}

static int add(struct dump *dump, const struct tc_action *filter)
{
	struct tc_action *a = dump_item(dump);

	if (!a)
		return -ENOMEM;
	*a = *filter;
	return 0;
}

static int read_filter(const struct nlmsghdr *h, struct dump *dump)
{
	const struct tcmsg *header = mnl_nlmsg_get_payload(h);
	struct tc_action filter = {
		.protocol = ntohs((uint16_t)TC_H_MIN(header->tcm_info)),
		.priority = (uint16_t)(header->tcm_info >> 16),
		.handle = header->tcm_handle,
	};
	const struct nlattr *attr, *options = NULL;
	uint16_t actions;

	if (h->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	if (header->tcm_ifindex == (int)TCM_IFINDEX_MAGIC_BLOCK)
		filter.block = header->tcm_block_index;
	mnl_attr_for_each(attr, h, sizeof(*header)) {
		if (mnl_attr_get_type(attr) == TCA_KIND)
			snprintf(filter.kind, sizeof(filter.kind), "%s",
				 mnl_attr_get_str(attr));
		else if (mnl_attr_get_type(attr) == TCA_OPTIONS)
			options = attr;
	}
	actions = actions_of(filter.kind);
	if (!options || !actions)
		return 0;
	mnl_attr_for_each_nested(attr, options)
		if (mnl_attr_get_type(attr) == actions)
			return read_actions(attr, &filter, dump);
	return is_program(filter.kind, options) ? add(dump, &filter) : 0;
}

/* Where they are they do not say if they are a block's */
static int ask(struct dump *dump, struct lc_node *node, uint32_t ifindex,
	       uint32_t parent, enum tc_hook hook)
{
	const size_t before = dump->count;
	struct tc_action *list;
	struct tcmsg *header;
	struct rtnl_msg m;
	int r;

	header = rtnl_msg_init(&m, RTM_GETTFILTER, NLM_F_DUMP,
			       sizeof(*header));
	header->tcm_ifindex = (int)ifindex;
	header->tcm_parent = parent;
	r = dump_run(dump, node, "filters of ", &m, NULL);
	list = dump->items;
	for (size_t i = before; !r && i < dump->count; i++) {
		list[i].ifindex = ifindex;
		list[i].hook = hook;
	}
	return r;
}

/* Of programs, what their hook has dropped */
static void note_sums(struct dump *dump, size_t from,
		      const struct queue_losses *queue)
{
	struct tc_action *list = dump->items;

	for (size_t i = from; i < dump->count; i++) {
		if (*list[i].action)
			continue;
		list[i].dropped = queue->packets;
		snprintf(list[i].kind, sizeof(list[i].kind), "%s", queue->kind);
	}
}

static int ask_queue(struct dump *dump, struct lc_node *node,
		     const struct queue_losses *queue)
{
	const uint32_t at = queue->ifindex;
	const size_t before = dump->count;
	int r = 0;

	if (!strcmp(queue->kind, "clsact")) {
		r = ask(dump, node, at,
			TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), TC_EGRESS);
		if (!r)
			r = ask(dump, node, at,
				TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
				TC_INGRESS);
	} else if (!strcmp(queue->kind, "ingress")) {
		r = ask(dump, node, at, TC_H_MAKE(TC_H_INGRESS, 0), TC_INGRESS);
	} else if (queue->handle) {
		r = ask(dump, node, at, queue->handle, TC_EGRESS);
	}
	if (!r)
		note_sums(dump, before, queue);
	return r;
}

int node_tc_actions(struct lc_node *node, struct tc_action **ret_actions,
		    size_t *ret_count)
{
	struct dump dump = { .size = sizeof(**ret_actions),
			     .parse = read_filter };
	lc_auto(lc_free) struct queue_losses *queues = NULL;
	size_t count = 0;
	int r = node_queue_losses(node, &queues, &count);

	for (size_t i = 0; !r && i < count; i++)
		r = ask_queue(&dump, node, &queues[i]);
	if (r) {
		free(dump.items);
		return r;
	}
	*ret_actions = dump.items;
	*ret_count = dump.count;
	return 0;
}
