// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * expiry.c - probes whose time is up
 *
 * A deadline is no verdict.  It is the moment to ask whether anything could
 * still come, and whether enough was seen to tell what became of the probe;
 * if not, it waits on, or goes again.
 */
#include <labcheck/err.h>

#include "clock.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/expiry.h"
#include "probe/send.h"
#include "probe/silence/absence.h"
#include "probe/silence/muted.h"
#include "probe/silence/observation.h"
#include "probe/silence/patience.h"
#include "probe/silence/pending.h"
#include "probe/silence/quiet.h"
#include "probe/silence/silence.h"

#define MS 1000000ull

static const uint64_t neighbour_patience_ns = 5000 * MS;
static const uint64_t queue_patience_ns = 30000 * MS;

/* Let all that is under way arrive; false: there is nothing to conclude yet */
static bool falls_quiet(struct lc_batch *b, struct probe *p, uint64_t now)
{
	enum probe_state before = p->state;
	struct quiet quiet;
	struct lc_err err;

	if (quiet_reach(b, p->sent_ns, &quiet, &err)) {
		probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		return false;
	}
	if (p->state != before)
		return false;
	if (quiet.waits && !p->patient) {
		p->patient = true;
		p->wake_ns = p->sent_ns + patience_ns(b);
		return false;
	}
	/* A neighbour may be asked for on account of what was relayed; but
	 * programs that talk on and on must not hold this up for ever */
	if (quiet.moved && now < p->sent_ns + 2 * patience_ns(b)) {
		p->wake_ns = now;
		return false;
	}
	p->relayed = quiet.waits;
	return true;
}

static bool waits_for_neighbour(struct lc_batch *b, struct probe *p,
				uint64_t now)
{
	char who[PENDING_TEXT];

	if (!neighbours_pending(b->lab, p->sent_ns, who))
		return false;
	p->wake_ns = now + 20 * MS;
	p->held_ns = now;
	if (now >= p->sent_ns + neighbour_patience_ns)
		probe_settle(b, p, LC_OUTCOME_ERROR,
			     "a neighbour is still being asked for (%s)", who);
	return true;
}

/* What has waited is under way as if it had been sent only then; where there is no
 * proof that it is not any more, it has its time from there on */
static bool was_held_until_now(struct lc_batch *b, struct probe *p,
			       uint64_t now)
{
	uint64_t until_ns = p->held_ns + patience_ns(b);

	if (!p->patient || !p->held_ns || now >= until_ns)
		return false;
	p->wake_ns = until_ns;
	return true;
}

/* The deadline has passed; has the kernel done all it had to do?  If not, or
 * if an answer came in after all, there is nothing to conclude yet */
static bool still_under_way(struct lc_batch *b, struct probe *p, uint64_t now)
{
	uint64_t ns;

	if (!p->patient && silence_needs_patience(b, p, &ns)) {
		p->patient = true;
		p->wake_ns = p->sent_ns + ns;
		return true;
	}
	if (p->sent_ns < b->quiet_ns)
		return false;
	if (queues_pending(b)) {
		p->wake_ns = now + 50 * MS;
		p->held_ns = now;
		if (now >= p->sent_ns + queue_patience_ns)
			probe_settle(b, p, LC_OUTCOME_ERROR,
				     "packets still wait in a shaper's queue");
		return true;
	}
	/* What has come to rest may have come to rest there */
	return waits_for_neighbour(b, p, now) ||
	       was_held_until_now(b, p, now) || !falls_quiet(b, p, now) ||
	       waits_for_neighbour(b, p, now);
}

static void probe_expire(struct lc_batch *b, struct probe *p, uint64_t now)
{
	struct lc_err err;

	if (p->state == PROBE_PACED) {
		probe_send(b, p);
	} else if (still_under_way(b, p, now)) {
		return;
	} else if (p->state == PROBE_SENT && p->said.protocol == LC_TCP) {
		/* A peer that took the handshake and then said nothing */
		p->half = true;
		probe_settle(b, p, LC_REPLY,
			     "the handshake was answered, and then %s",
			     p->said.serve ? "no word came" :
					     "nothing came; it is still open");
	} else if (!p->observed) {
		p->resent = true;
		if (probe_observe(b, p, &err))
			probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		else
			probe_send(b, p);
	} else if (silence_may_be_muted(b, p)) {
		p->state = PROBE_PACED;
		p->wake_ns = muted_slot(b, p);
	} else {
		silence_settle(b, p);
	}
}

static bool waits(const struct probe *p)
{
	return p->state == PROBE_CONNECTING || p->state == PROBE_SENT ||
	       p->state == PROBE_PACED;
}

static bool is_due(const struct probe *p, uint64_t now)
{
	return waits(p) && p->wake_ns <= now;
}

void batch_expire(struct lc_batch *b)
{
	uint64_t now = clock_ns();
	size_t due = 0;

	for (size_t i = 0; i < b->count; i++)
		due += is_due(b->probes[i], now);
	if (due)
		absence_settle(b);
	if (due > 1)
		quiet_note(b);
	for (size_t i = 0; i < b->count; i++)
		if (is_due(b->probes[i], now))
			probe_expire(b, b->probes[i], now);
}

int batch_wait_ms(const struct lc_batch *b)
{
	uint64_t now = clock_ns(), next = UINT64_MAX;

	for (size_t i = 0; i < b->count; i++)
		if (waits(b->probes[i]) && b->probes[i]->wake_ns < next)
			next = b->probes[i]->wake_ns;
	if (next <= now)
		return 0;
	return next - now > 1000 * MS ? 1000 : (int)((next - now) / MS) + 1;
}
