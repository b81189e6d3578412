// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * echoed.c - whether pings were answered by those who got them
 *
 * Who answers a ping sends back what was in it, so an answer looks the same from
 * whoever has seen the request: a program on the way can say what the target did
 * not, and no socket knows better.  The target's kernel does, which counts what it
 * answers, and what it throws away of its own.  Where fewer answers may have left it
 * than were taken for its own, each of them goes again, watched by taps, which see
 * who says what.
 *
 * Where several nodes have the target's address, taps are there from the start
 * (prepare.c).
 *
 * Taps alone would do, but take time to open, and more to close.  Where the kernel
 * alone is at work, by routes and addresses, nobody can say such a thing, and
 * nothing is counted.
 */
#include <sys/socket.h>

#include "lab/echoes.h"
#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/protocol/echoed.h"

/* A program, or a rule set that copies what it sees and translates it */
static bool lab_may_forge(const struct lc_lab *lab)
{
	if (lab->altered)
		return true;
	for (size_t i = 0; i < lab->plan->node_count; i++)
		if (lab->plan->nodes[i].kind == NODE_ADOPTED ||
		    lab->plan->nodes[i].nftables_count)
			return true;
	return false;
}

static struct echoed *echoed_of(const struct probe *p)
{
	struct probe_node *n = p->target->probe;

	return &n->echoed[p->seen->address.family == AF_INET6];
}

static bool is_counted(const struct probe *p)
{
	return p->said.protocol == LC_ICMP && p->target && !p->observed;
}

void echoed_begin(struct lc_batch *b)
{
	if (!lab_may_forge(b->lab))
		return;
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];
		struct echoed *e;

		if (p->state == PROBE_SETTLED || !is_counted(p))
			continue;
		e = echoed_of(p);
		if (e->batch == b->number)
			continue;
		*e = (struct echoed){ .batch = b->number };
		e->told = !node_echoes(p->target, p->seen->address.family,
				       &e->before);
	}
}

static bool was_answered(const struct lc_batch *b, const struct probe *p)
{
	return is_counted(p) && p->seen->outcome == LC_REPLY && !p->resent &&
	       p->seen->at_target && echoed_of(p)->batch == b->number &&
	       echoed_of(p)->told;
}

/* What it has answered to others, it may have answered instead of these; and all
 * that it threw away may have been answers */
static bool falls_short(const struct probe *p, struct echoed *e)
{
	struct echoes now;

	if (!e->compared) {
		e->compared = true;
		e->falls_short = !node_echoes(p->target, p->seen->address.family,
					      &now) &&
				 now.answers - e->before.answers <
					 e->taken + now.discarded -
						 e->before.discarded;
	}
	return e->falls_short;
}

bool echoed_doubts(const struct lc_batch *b, const struct probe *p)
{
	return was_answered(b, p) && falls_short(p, echoed_of(p));
}

void echoed_count(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (was_answered(b, b->probes[i]))
			echoed_of(b->probes[i])->taken++;
}
