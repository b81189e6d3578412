// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine.c - the probes of a batch, from the first sent to the last settled
 *
 * Probes are sent in order, and most are answered by the time that their send
 * returns (send.c).  Only the waiting for what does not come overlaps (expiry.c).
 *
 * A probe that is expected to be answered is sent without ado.  If it is not,
 * it is sent a second time with taps on its sender and its target, to learn
 * what became of it; the verdict on the first stands.  A probe that is expected
 * to fail is observed from the start.
 */
#include <errno.h>
#include <stdlib.h>

#include <labcheck/err.h>

#include "clock.h"
#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/conclusion.h"
#include "probe/control/control.h"
#include "probe/engine.h"
#include "probe/expiry.h"
#include "probe/lookup.h"
#include "probe/meeting.h"
#include "probe/neighbour/crowd.h"
#include "probe/neighbour/strangers.h"
#include "probe/packet/trail.h"
#include "probe/prepare.h"
#include "probe/protocol/dns.h"
#include "probe/protocol/echoed.h"
#include "probe/protocol/server.h"
#include "probe/protocol/volley.h"
#include "probe/send.h"
#include "probe/silence/absence.h"
#include "probe/silence/observation.h"
#include "probe/silence/patience.h"
#include "probe/silence/quiet.h"
#include "probe/silence/sentinel.h"

static void wait_for_all(struct lc_batch *b)
{
	while (b->unsettled > b->held) {
		batch_pump(b, batch_wait_ms(b));
		batch_expire(b);
	}
	batch_pump(b, 0);
}

/* In order, but for those of a meeting, which comes first */
static void send_all(struct lc_batch *b)
{
	size_t sent;

	meeting_hold(b);
	for (size_t i = 0; i < b->count; i += sent ?: 1) {
		struct probe *p = b->probes[i];

		sent = p->met ? volley_send(b, i) : 0;
		if (sent || p->state != PROBE_READY)
			continue;
		if (!strangers_meet(b, p)) {
			b->held++;
			continue;
		}
		probe_send(b, p);
		crowd_note(b, p);
	}
	wait_for_all(b);
}

/* Those that had to wait for the others */
static void send_held(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count && b->held; i++) {
		struct probe *p = b->probes[i];

		if (p->state != PROBE_READY)
			continue;
		strangers_meet(b, p);
		b->held--;
		probe_send(b, p);
		crowd_note(b, p);
	}
	wait_for_all(b);
}

/* As programs do: who is silent or refuses does not have the last word, if
 * there is somebody else to ask */
static void ask_others(struct lc_batch *b)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < b->count; i++) {
			if (!dns_next_server(b->probes[i]))
				continue;
			again = true;
			b->unsettled++;
			probe_send(b, b->probes[i]);
		}
		wait_for_all(b);
	}
}

/* A probe that ran into a server which another step of the batch had asked
 * for says nothing about a lab without that server, nor does one that got its
 * neighbour from another: it goes again, alone */
static void send_alone(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (!p->interfered && !strangers_doubt(b, p))
			continue;
		servers_free(b);
		p->interfered = false;
		p->seen->at_target = false;
		p->state = PROBE_READY;
		b->unsettled++;
		probe_send(b, p);
		wait_for_all(b);
	}
}

/* Nor does one that may have been answered in its target's place: it goes again,
 * with taps that see who answers */
static void send_watched(struct lc_batch *b)
{
	struct lc_err err;

	echoed_count(b);
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (!echoed_doubts(b, p))
			continue;
		b->unsettled++;
		p->seen->at_target = false;
		p->state = PROBE_READY;
		if (probe_observe(b, p, &err))
			probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		else
			probe_send(b, p);
		wait_for_all(b);
	}
}

static bool is_anothers(const struct probe *p)
{
	return p->seen->outcome == LC_REPLY && trail_is_broken(&p->trail);
}

/* Whoever was the first to answer, the target's own answer may be under way */
static int await_targets(struct lc_batch *b, struct lc_err *err)
{
	size_t n = 0;
	int r;

	while (n < b->count && !is_anothers(b->probes[n]))
		n++;
	r = n < b->count ? quiet_arrive(b, err) : 0;
	for (; n < b->count && !r && b->prompt != PROMPT_YES; n++) {
		struct probe *p = b->probes[n];
		const uint64_t until_ns = p->sent_ns + patience_ns(b);

		while (is_anothers(p) && clock_ns() < until_ns)
			batch_pump(b, 20);
	}
	return r;
}

static bool nothing_seen(struct lc_batch *b)
{
	b->seen = calloc(b->count ?: 1, sizeof(*b->seen));
	for (size_t i = 0; b->seen && i < b->count; i++) {
		struct probe *p = b->probes[i];

		p->seen = &b->seen[i];
		p->seen->from = p->said.from;
		p->seen->to = p->said.to->text;
		p->seen->detail = "";
	}
	return b->seen;
}

int batch_run(struct lc_batch *b, struct lc_err *err)
{
	struct lc_err why;
	int r;

	if (!nothing_seen(b) || b->epoll < 0)
		return lc_err_set(err, -ENOMEM, "out of memory");
	b->unsettled = b->count;
	if (lookups_run(b, err))
		return -EIO;
	b->affinity = sentinel_pin();
	r = quiet_begin(b, err);
	if (r) {
		sentinel_unpin(b->affinity);
		b->affinity = NULL;
		return r;
	}
	neighbour_overflows_note(b);
	absence_begin(b);
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (p->said.to->kind == LC_TARGET_NAME && !lookup_found(b, p))
			continue;
		p->seen->refused = probe_prepare(b, p, &why);
		if (p->seen->refused)
			probe_settle(b, p, LC_OUTCOME_ERROR, "%s", why.text);
	}
	r = strangers_begin(b, err);
	if (r) {
		sentinel_unpin(b->affinity);
		b->affinity = NULL;
		return r;
	}
	echoed_begin(b);
	send_all(b);
	send_held(b);
	crowd_done(b);
	ask_others(b);
	send_alone(b);
	send_watched(b);
	r = await_targets(b, err);
	controls_run(b);
	if (!r && b->lab->captures)
		r = quiet_arrive(b, err);
	sentinel_unpin(b->affinity);
	b->affinity = NULL;
	batch_conclude(b);
	return r;
}
