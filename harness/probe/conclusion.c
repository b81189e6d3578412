// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conclusion.c - what each probe of a batch came to, when all are settled
 *
 * What taps and servers have seen is set beside the outcome, and an outcome goes
 * where it can't be told from a failing of our own: a tap that lost packets, a
 * socket that had no room, a machine whose tables were full.
 */
#include "lab/lab.h"
#include "lab/neighbour_limit.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/conclusion.h"
#include "probe/packet/trail.h"
#include "probe/protocol/echo.h"
#include "probe/wire/evidence.h"

/* Whether the verdict stands on an echo that did not come to a socket of ours */
static bool echo_is_missing(const struct probe *p)
{
	if (p->said.protocol != LC_ICMP)
		return false;
	if (p->seen->outcome == LC_REPLY)
		return p->resent || (p->target && !p->seen->at_target);
	return p->seen->outcome == LC_DROP || p->wire_answer;
}

/* What its target's wire shows of an answer, where it has none of our servers */
static enum lc_flaw flaw_on_wire(const struct probe *p)
{
	if (!p->observed || !probe_arrived(p))
		return LC_FLAW_NONE;
	if (p->answer_left)
		return p->target != p->from && trail_is_broken(&p->trail) ?
			       LC_FLAW_LOST :
			       LC_FLAW_NONE;
	return p->seen->answer.source.family ? LC_FLAW_REFUSED : LC_FLAW_MUTE;
}

static enum lc_flaw flaw_of(const struct probe *p)
{
	const bool served = p->said.serve && p->said.protocol != LC_ICMP;

	/* A proxy closes where no server was found: that is an end of its own */
	if (!p->seen->target_known ||
	    (p->seen->outcome != LC_REPLY &&
	     (served || p->seen->outcome != LC_CLOSED)))
		return LC_FLAW_NONE;
	if (!p->seen->at_target)
		return LC_FLAW_ELSEWHERE;
	if (!served)
		return flaw_on_wire(p);
	return p->stranger ? LC_FLAW_STRANGER :
	       p->half	   ? LC_FLAW_HALF :
			     LC_FLAW_NONE;
}

/* What the second probe showed is told of the first, which was not answered */
static void conclude(struct probe *p)
{
	if (p->on_target_wire && !probe_arrived(p))
		p->seen->arrived = p->seen->stray = p->seen->answer =
			(struct lc_ends){ 0 };
	/* A server's word outranks the wire: it may be somebody else's SYN that
	 * was answered, but not somebody else's cookie that was served */
	if (probe_arrived(p) &&
	    (!p->said.serve || p->seen->outcome != LC_REPLY)) {
		p->seen->at_target = true;
		p->seen->seen_from = p->wire_source;
	}
	p->seen->flaw = flaw_of(p);
	if (p->observed && p->target &&
	    (p->target->probe->tap_lost ||
	     (p->from->probe->tap_lost && p->seen->flaw == LC_FLAW_LOST)) &&
	    (!p->seen->at_target || p->seen->flaw)) {
		p->seen->outcome = LC_OUTCOME_ERROR;
		p->seen->detail = p->seen->at_target ?
			"a tap lost packets: whether its target answered can't be told" :
			"a tap lost packets: whether it arrived can't be told";
		return;
	}
	if (echo_is_missing(p) && echo_may_be_lost(p)) {
		p->seen->outcome = LC_OUTCOME_ERROR;
		p->seen->detail =
			"more echoes came than could be read: that one is missing proves nothing";
		return;
	}
	if (!p->resent || p->seen->outcome != LC_REPLY)
		return;
	if (p->said.negative) {
		p->seen->outcome = LC_OUTCOME_ERROR;
		p->seen->detail =
			"its own kernel called it unreachable and took a second one, so that the cause can't be told";
		return;
	}
	p->seen->outcome = LC_DROP;
	p->seen->detail = "the first probe was not answered, a second one was";
}

/* One that can be asked: the first may have been removed */
static struct lc_node *any_node(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (node_stands(&lab->nodes[i]))
			return &lab->nodes[i];
	return &lab->nodes[0];
}

void neighbour_overflows_note(struct lc_batch *b)
{
	if (b->count)
		neighbour_overflows(any_node(b->lab), &b->overflows, NULL);
}

/* Where the machine's neighbour tables had no room, none of these can be told
 * from their own causes */
static void doubt_overflows(struct lc_batch *b)
{
	uint64_t overflows;

	if (!b->count || neighbour_overflows(any_node(b->lab), &overflows,
					     NULL) ||
	    overflows == b->overflows)
		return;
	for (size_t i = 0; i < b->count; i++) {
		struct lc_seen *seen = b->probes[i]->seen;

		if (seen->outcome != LC_DROP && seen->outcome != LC_BLOCKED &&
		    seen->outcome != LC_NO_NEIGHBOR &&
		    seen->outcome != LC_HOST_UNREACHABLE)
			continue;
		seen->outcome = LC_OUTCOME_ERROR;
		seen->detail =
			"this machine's neighbour table is full (sysctl net.ipv4.neigh.default.gc_thresh3, net.ipv6.neigh.default.gc_thresh3)";
	}
}

static bool all_answered(const struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->probes[i]->seen->outcome != LC_REPLY)
			return false;
	return true;
}

void batch_conclude(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		/* Its kernel would ask again and again, beside what comes next */
		probe_close(b->probes[i]);
		conclude(b->probes[i]);
	}
	if (!all_answered(b))
		doubt_overflows(b);
}
