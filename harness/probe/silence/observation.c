// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * observation.c - a probe is watched wherever it may be seen
 *
 * What a silence means is told by what was seen (silence.c): so before a probe
 * leaves of which nothing may come back, there are taps at its sender and its target,
 * at all that may report an error (muted.c), and it is known what the target's
 * servers had no room for before.
 */
#include "lab/lab.h"
#include "lab/overflows.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/silence/muted.h"
#include "probe/silence/observation.h"
#include "probe/wire/tap.h"

/* What its servers had no room for before this batch is not of it */
static void overflows_note(struct lc_batch *b, struct lc_node *node)
{
	struct probe_node *n = node->probe;

	if (n->overflows_batch == b->number)
		return;
	n->overflows_batch = b->number;
	if (node_listen_overflows(node, &n->overflows))
		n->overflows = UINT64_MAX;
}

int probe_observe(struct lc_batch *b, struct probe *p, struct lc_err *err)
{
	int r = tap_open(b, p->from, err);

	if (!r && p->target && p->target != p->from)
		r = tap_open(b, p->target, err);
	if (!r)
		r = routers_observe(b, err);
	if (!r && p->target && p->said.protocol == LC_TCP)
		overflows_note(b, p->target);
	p->observed = !r;
	return r;
}
