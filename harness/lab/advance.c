// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * advance.c - from the lab of one plan to that of the next
 *
 * What leaves goes first, since what comes may have its names and addresses.
 * What comes is made as a lab is built (build.c), by the same functions in the
 * same order, which pass over what is there already.
 */
#include <errno.h>

#include <labcheck/err.h>

#include "advance.h"
#include "announce.h"
#include "build.h"
#include "departures.h"
#include "lab.h"
#include "mntns.h"
#include "netfilter.h"
#include "nft.h"
#include "ready.h"

static void plan_take(struct lc_lab *lab, const struct plan *plan)
{
	lab->before = lab->plan;
	lab->plan = plan;
	for (size_t i = 0; i < lab->node_count; i++)
		lab->nodes[i].plan = &plan->nodes[i];
}

/* Whether interfaces of a node have come or gone */
static bool is_rewired(const struct lc_node *node)
{
	const struct plan_node *old = &node->lab->before->nodes[node->index];

	if (old->interface_count != node->plan->interface_count)
		return true;
	for (size_t i = 0; i < node->plan->interface_count; i++)
		if (interface_is_new(node, &node->plan->interfaces[i]))
			return true;
	return false;
}

/* Steps may have set anything down, so it is not the plan that says what must
 * come up, but the kernel */
static int settle(struct lc_lab *lab, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (node_stands(&lab->nodes[i]) && is_rewired(&lab->nodes[i]))
			r = node_settle(&lab->nodes[i], err);
	return r;
}

static int rules_advance(struct lc_lab *lab, struct lc_err *err)
{
	static const struct plan_node nothing;
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node_stands(node) && !node->plan->absent)
			r = netfilter_advance(node, node_is_new(node) ?
						    &nothing :
						    &lab->before->nodes[i],
					      node->plan, err);
	}
	return r;
}

static int arrive(struct lc_lab *lab, struct lc_err *err)
{
	struct lc_at at;
	int r = lab_make(lab, &at, err);

	if (!r)
		r = lab_name_new(lab, err);
	if (!r)
		r = settle(lab, err);
	if (!r)
		r = rules_advance(lab, err);
	if (!r)
		r = nft_load(lab, &at, err);
	if (!r)
		r = lab_announce(lab, &at, err);
	return r;
}

int lab_advance(struct lc_lab *lab, struct lc_err *err)
{
	int r;

	if (!lab->plan->next)
		return lc_err_set(err, -EINVAL, "the plan ends here");
	r = departures_clear(lab, err);
	if (r)
		return r;
	plan_take(lab, lab->plan->next);
	departures_close(lab);
	r = arrive(lab, err);
	lab->before = NULL;
	return r;
}
