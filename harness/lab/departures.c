// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * departures.c - what leaves a lab that goes on
 *
 * A namespace that nobody holds any more is taken down by the kernel in its own
 * time, and until then its cables hang in their bridges, and answer.  So what
 * others can see of it is deleted one by one before it is let go.
 *
 * The namespace of a removed node stays if another lives in it: what is left in
 * there is a loopback.
 */
#include <errno.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "departures.h"
#include "inhabitants.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "mntns.h"
#include "netfilter.h"
#include "rtnl.h"
#include "scenario/difference.h"

/* Its namespace will be closed */
static bool is_leaving(const struct lc_node *node)
{
	return node_stands(node) &&
	       !plan_lives_in(node->lab->plan->next, node->index);
}

static int links_delete(struct lc_node *node, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i];

		if (!plan_interface_leaves(node->lab->plan, plan, f))
			continue;
		rtnl_build_link_delete(&m, f->ifindex);
		rtnl_add(rtnl, &m, f->at, "delete link %s:%s", plan->name,
			 f->name);
		/* A step may have done it */
		rtnl_forgive(rtnl, -ENODEV);
	}
	return rtnl_commit(rtnl, NULL, err);
}

int departures_clear(struct lc_lab *lab, struct lc_err *err)
{
	const struct plan *next = lab->plan->next;
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++) {
		if (next->nodes[i].absent && !lab->plan->nodes[i].absent)
			r = node_end(&lab->nodes[i], err);
		if (!r && is_leaving(&lab->nodes[i]))
			r = netns_end(&lab->nodes[i], err);
	}
	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (node_stands(&lab->nodes[i]) &&
		    lab->nodes[i].plan->interface_count)
			r = links_delete(&lab->nodes[i], err);
	return r;
}

void departures_close(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (!node->plan->absent)
			continue;
		if (!lab->before->nodes[i].absent) {
			node_unname(node);
			lc_close(&node->mntns);
		}
		if (plan_lives_in(lab->plan, node->index))
			continue;
		node_forget(node);
	}
}
