// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quiet.c - nothing is under way any more, in the kernel or in our own programs
 *
 * Sentinels show that the kernel is done (sentinel.c).  An Open vSwitch has its own
 * kind of sentinel (lab/openvswitch_turn.c): it and the kernel take turns, as often
 * as a packet can go from one to the other.  But what they deliver may
 * be for a program of ours: a server of this batch, or the daemon that plays the
 * lab's container engine, through which probes are relayed.  Those answer, and
 * then the kernel has work again.  So they take turns, and it is quiet when in
 * one whole turn (the kernel, then the daemon, then we) nobody had anything to
 * do.
 *
 * What shows this for one probe shows it for all that were sent before: so a
 * hundred silent probes whose time is up take one proof.  It holds if no neighbour
 * at all is being asked for, whoever asks.  Packets are let come to rest before
 * that is looked at, and once more behind it, since one that waited for a neighbour
 * until just then is under way again; and where timers may be at work it is looked
 * at again, since that one may wait for the next.
 *
 * The daemon is kept on our processor while a batch runs, and so is an Open
 * vSwitch: so all that they send goes through the one queue that sentinels go
 * through.
 */
#include <errno.h>
#include <sched.h>

#include <labcheck/err.h>

#include "clock.h"
#include "daemon/daemon.h"
#include "lab/lab.h"
#include "lab/openvswitch_alone.h"
#include "lab/openvswitch_turn.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/silence/pending.h"
#include "probe/silence/processors.h"
#include "probe/silence/promptness.h"
#include "probe/silence/quiet.h"
#include "probe/silence/sentinel.h"

/* A lab that never falls silent has programs in it that talk on and on */
enum { TURNS_MAX = 100 };

enum { SENTINELS_MAX = 4096 };

/* How long a shaper may take, and how often to look whether it is done */
#define QUEUE_PATIENCE_NS 30000000000ull
enum { QUEUE_LOOK_MS = 20 };

int quiet_begin(struct lc_batch *b, struct lc_err *err)
{
	int cpu = sched_getcpu(), r;

	b->began_ns = clock_ns();
	if (!b->affinity)
		return 0;
	r = openvswitch_pin(b->lab, cpu, &b->switch_ports, err);
	if (r || !b->lab->daemon)
		return r;
	return daemon_pin(b->lab, cpu, err);
}

/* What was there when a round began is taken out by its end, but for what comes
 * after the first BURST of a port: which needs another */
static size_t turns_needed(const struct lc_batch *b)
{
	enum { BURST = 32 };

	return 2 + 4 * b->count / BURST;
}

int silence_prove(struct lc_batch *b, struct lc_err *err)
{
	size_t hops = 4;
	int r;

	for (size_t i = 0; i < b->lab->plan->node_count; i++)
		hops += b->lab->plan->nodes[i].interface_count;
	/* There and back, and each interface twice */
	hops *= 4;
	if (b->prompt != PROMPT_YES)
		return openvswitch_turn(b->lab, turns_needed(b), err);
	if (hops > SENTINELS_MAX)
		hops = SENTINELS_MAX;
	r = sentinel_pass(hops, err);
	for (size_t i = 0; i < 2 * b->switch_ports && !r; i++) {
		r = openvswitch_turn(b->lab, turns_needed(b), err);
		if (!r)
			r = sentinel_pass(hops, err);
	}
	return r ?: processors_pass(b, hops, err);
}

int quiet_reach(struct lc_batch *b, uint64_t since_ns, struct quiet *ret_quiet,
		struct lc_err *err)
{
	struct daemon_settled daemon;
	struct quiet quiet = { 0 };
	bool pumped, again;

	for (int turn = 0; turn < TURNS_MAX; turn++) {
		int r = silence_prove(b, err);

		if (!r)
			r = daemon_settle(b->lab, since_ns, &daemon, err);
		if (r)
			return r;
		pumped = batch_pump(b, 0);
		again = (b->lab->daemon || b->switch_ports) &&
			(daemon.moved || pumped);
		quiet.moved |= again;
		quiet.waits = daemon.busy || again;
		if (!again)
			break;
	}
	*ret_quiet = quiet;
	return 0;
}

/* Twice in a row, since what has left a queue may be under way to the next */
int quiet_arrive(struct lc_batch *b, struct lc_err *err)
{
	const uint64_t began_ns = clock_ns();
	struct quiet quiet;
	int r = 0;

	/* Whether sentinels prove anything here */
	lab_is_prompt(b);
	for (int rests = 0; rests < 2 && !r;) {
		r = quiet_reach(b, began_ns, &quiet, err);
		if (r || !queues_pending(b)) {
			rests++;
			continue;
		}
		rests = 0;
		if (clock_ns() > began_ns + QUEUE_PATIENCE_NS)
			return lc_err_set(err, -ETIME,
					  "packets still wait in a shaper's queue");
		batch_pump(b, QUEUE_LOOK_MS);
	}
	return r;
}

static bool all_at_rest(struct lc_batch *b, uint64_t since_ns)
{
	struct quiet quiet;

	return !quiet_reach(b, since_ns, &quiet, NULL) && !quiet.moved &&
	       !quiet.waits;
}

static uint64_t first_sent_ns(const struct lc_batch *b)
{
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < b->count; i++)
		if (b->probes[i]->state != PROBE_SETTLED &&
		    b->probes[i]->sent_ns < first)
			first = b->probes[i]->sent_ns;
	return first;
}

bool quiet_is_there(struct lc_batch *b)
{
	return all_at_rest(b, first_sent_ns(b));
}

void quiet_note(struct lc_batch *b)
{
	const uint64_t began_ns = clock_ns(), since_ns = first_sent_ns(b);
	char who[PENDING_TEXT];

	/* Whether sentinels prove anything here */
	lab_is_prompt(b);
	if (all_at_rest(b, since_ns) && !queues_pending(b) &&
	    !neighbours_pending(b->lab, began_ns, who) &&
	    all_at_rest(b, since_ns) &&
	    !(batch_is_late(b) && neighbours_pending(b->lab, began_ns, who)))
		b->quiet_ns = began_ns;
}
