// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shortage.c - verdicts that a full machine may have made
 *
 * The engine of probes doubts what it saw itself (probe/engine.c).  But where
 * the machine's neighbour table was full, an entry that a step before had made
 * can be missing as well, a proxy may not have reached its container, and a
 * command of the scenario have failed.  So once that has happened since the lab
 * stands, no failure is believed any more, nor that an entry is not there.
 */
#include <labcheck/report.h>

#include "lab/lab.h"
#include "lab/neighbour_limit.h"
#include "shortage.h"

/* Any that can be asked: the tables are the machine's */
static struct lc_node *any_node(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (node_stands(&lab->nodes[i]))
			return &lab->nodes[i];
	return NULL;
}

static bool count(struct lc_lab *lab, uint64_t *ret_count)
{
	struct lc_node *node = any_node(lab);

	return node && !neighbour_overflows(node, ret_count, NULL);
}

void shortage_begin(struct shortage *shortage, struct lc_lab *lab)
{
	shortage->known = count(lab, &shortage->overflows);
}

void shortage_doubt(const struct shortage *shortage, struct lc_lab *lab,
		    bool looked, struct lc_verdict *v)
{
	uint64_t now;

	if (v->result != LC_FAIL && !(v->result == LC_PASS && looked))
		return;
	if (!shortage->known || !count(lab, &now) || now == shortage->overflows)
		return;
	lc_verdict_error(v, "this machine's neighbour table was full while the lab stood (sysctl net.ipv4.neigh.default.gc_thresh3, net.ipv6.neigh.default.gc_thresh3)");
}
