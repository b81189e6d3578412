// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * patience.c - how long nodes ask for a neighbour before they give up
 *
 * The builder lets a question that nobody answers fail after some 40 ms: in a
 * lab of the kernel's own an answer is there at once.  Behind a shaper it may
 * take longer, and would come too late.  So as soon as a command has put one
 * somewhere, all nodes get the kernel's own three seconds back.
 */
#include <errno.h>
#include <stdlib.h>

#include <labcheck/auto.h>

#include "lab/address_message.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/patience.h"
#include "lab/qdiscs.h"
#include "lab/rtnl.h"

enum { KERNEL_RETRANS_MS = 1000 };

static bool is_shaped(struct lc_lab *lab)
{
	struct queues queues;

	for (size_t i = 0; i < lab->node_count; i++)
		if (node_stands(&lab->nodes[i]) &&
		    !node_queues(&lab->nodes[i], &queues, NULL) &&
		    queues.shaped)
			return true;
	return false;
}

/* What fails here is an interface without IPv6, or one that is going */
static void relax(struct lc_node *node)
{
	static const int families[] = { AF_INET, AF_INET6 };
	lc_auto(lc_free) struct lc_link *links = NULL;
	struct rtnl *rtnl;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL) ||
	    node_rtnl(node, &rtnl, NULL))
		return;
	for (size_t i = 0; i < count * 2; i++) {
		struct rtnl_msg m;

		rtnl_build_neighbour_patience(&m, families[i % 2],
					      links[i / 2].ifindex,
					      KERNEL_RETRANS_MS);
		rtnl_add(rtnl, &m, (struct lc_at){ 0, 0 }, "timers");
		rtnl_commit(rtnl, NULL, NULL);
	}
}

void lab_follow_shapers(struct lc_lab *lab)
{
	if (lab->relaxed || !is_shaped(lab))
		return;
	lab->relaxed = true;
	for (size_t i = 0; i < lab->node_count; i++)
		if (node_stands(&lab->nodes[i]))
			relax(&lab->nodes[i]);
}
