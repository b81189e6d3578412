/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc_filters.h - what the filters of tc(8) have done with packets
 */
#ifndef LAB_TC_FILTERS_H
#define LAB_TC_FILTERS_H

#include <stddef.h>
#include <stdint.h>

struct lc_node;

/** enum tc_hook - Where a filter meets a packet; of a queue: as it leaves */
enum tc_hook { TC_INGRESS, TC_EGRESS };

/**
 * struct tc_action - One action of one filter
 * @protocol:	Of the packets that it looks at: ETH_P_...
 * @kind, @priority, @handle: The filter's
 * @block:	It is one for several interfaces, each of which has it here, with what it
 *		has done on all of them; 0: it is this one's alone
 * @action:	"mirred"; "": a program's, which has none.  @kind is then the queue's,
 *		and @dropped of all that the queue has, at both hooks
 * @passed, @dropped: Packets, since it was made
 * @moved_to:	mirred: the interface that it redirects to; 0: it does not
 */
struct tc_action {
	uint32_t ifindex;
	enum tc_hook hook;
	uint16_t protocol, priority;
	char kind[16];
	uint32_t handle, block;
	char action[16];
	unsigned int order;
	uint64_t passed, dropped;
	uint32_t moved_to;
};

/** node_tc_actions() - Of all interfaces of a node; the caller free()s them */
int node_tc_actions(struct lc_node *node, struct tc_action **ret_actions,
		    size_t *ret_count);

#endif
