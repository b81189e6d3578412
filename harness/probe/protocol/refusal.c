// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * refusal.c - what it means that the sender's own kernel does not send
 *
 * An errno tells most of it (outcome.c).  EINVAL and ENOBUFS each have causes that
 * say something of the network and causes that don't; and what the machine itself
 * is short of comes back, so such a probe is sent again.
 */
#include <errno.h>
#include <string.h>


#include "clock.h"
#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/neighbour_limit.h"
#include "lab/qdiscs.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/packet/outcome.h"
#include "probe/protocol/refusal.h"

/* How often, and how long, to wait for room in the machine's tables: labs that
 * have ended leave theirs to the kernel, which clears them on its own time */
enum { SHORTAGES_MAX = 20 };
static const uint64_t shortage_ns = 100 * 1000000ull;

/* EINVAL is a blackhole only where a look-up finds one */
static enum lc_outcome outcome_of_einval(struct probe *p)
{
	struct lc_route route;
	int r = lc_node_lookup(p->from, &p->seen.address,
			       p->said.source ? &p->said.source->ip : NULL,
			       &route, NULL);

	return r == -EINVAL ? LC_BLOCKED : LC_OUTCOME_ERROR;
}

/* ENOBUFS is a full queue, a full neighbour table, or a rule at egress */
static enum lc_outcome outcome_of_enobufs(struct lc_batch *batch,
					  struct probe *p)
{
	uint64_t overflows;
	struct queues queues;

	if (node_queues(p->from, &queues, NULL) || queues.shaped ||
	    neighbour_overflows(p->from, &overflows, NULL) ||
	    overflows != batch->overflows)
		return LC_OUTCOME_ERROR;
	return LC_BLOCKED;
}

void probe_refused_locally(struct lc_batch *batch, struct probe *p,
			   const char *call, int error)
{
	enum lc_outcome outcome =
		error == EINVAL	 ? outcome_of_einval(p) :
		error == ENOBUFS ? outcome_of_enobufs(batch, p) :
				   outcome_of_send(error);
	const char *cause = "";

	/* The machine's own shortage says nothing of the network, and passes */
	if (error == ENOBUFS && outcome == LC_OUTCOME_ERROR &&
	    p->shortages++ < SHORTAGES_MAX) {
		p->state = PROBE_PACED;
		p->wake_ns = clock_ns() + shortage_ns;
		return;
	}
	/* What a look-up for a foreign source says is not about the target */
	if (p->said.source && !node_has_address(p->from, &p->said.source->ip)) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s has no address %s",
			     lc_node_name(p->from), p->said.source->text);
		return;
	}
	if (error == EPERM)
		cause = " (its own firewall)";
	else if (error == EACCES)
		cause = " (a prohibit route)";
	else if (error == EHOSTUNREACH)
		cause = " (an unreachable route)";
	else if (error == ENOBUFS && outcome == LC_BLOCKED)
		cause = " (its own firewall, at egress)";
	else if (error == ENOBUFS)
		cause = " (the machine's neighbour table or a queue is full)";
	else if (outcome == LC_BLOCKED)
		cause = " (a blackhole route)";
	probe_settle(batch, p, outcome, "%s's kernel refuses to %s, %s%s",
		     lc_node_name(p->from), call, strerror(error), cause);
}
