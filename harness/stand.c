// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stand.c - a lab with all that runs in it, and how it goes on to the next
 */
#include <labcheck/change.h>
#include <labcheck/err.h>

#include "daemon/daemon.h"
#include "lab/advance.h"
#include "lab/etc.h"
#include "lab/lab.h"
#include "lab/netns.h"
#include "probe/engine.h"
#include "stand.h"

int lab_stand(struct lc_lab *lab, const struct plan *plan,
	      const struct sandbox *sandbox, struct lc_at *ret_at,
	      struct lc_err *err)
{
	int r = lab_build(lab, plan, sandbox, ret_at, err);

	if (r)
		return r;
	r = daemon_start(lab, ret_at, err);
	if (!r)
		r = lab_serve(lab, ret_at, err);
	if (r) {
		daemon_stop(lab);
		lab_done(lab);
	}
	return r;
}

/* Services of nodes that have come with this change */
static int serve_new(struct lc_lab *lab, const struct plan *before,
		     struct lc_err *err)
{
	struct lc_at at;
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (before->nodes[i].absent && !lab->plan->nodes[i].absent)
			r = node_serve(&lab->nodes[i], &at, err);
	return r;
}

int lc_lab_advance(struct lc_lab *lab, struct lc_err *err)
{
	const struct plan *before = lab->plan;
	int r = lab_advance(lab, err);

	if (!r)
		r = etc_advance(lab, before, err);
	if (!r)
		r = daemon_advance(lab, before, err);
	if (!r)
		r = serve_new(lab, before, err);
	return r;
}

void lab_look_again(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node->plan->kind != NODE_ADOPTED || node_is_current(node))
			continue;
		for (size_t k = 0; k < lab->node_count; k++) {
			if (netns_owner(&lab->nodes[k]) != node)
				continue;
			node_unwatch(&lab->nodes[k]);
			node_forget(&lab->nodes[k]);
		}
	}
}
