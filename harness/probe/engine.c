// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine.c - sends the probes of a batch in one event loop
 *
 * Probes are sent in order, and whatever can be read after each send is read
 * at once: in a lab of veths and bridges the answer is queued by the time that
 * send returns.  Only the waiting for what does not come overlaps.
 *
 * A probe that is expected to be answered is sent without ado.  If it is not,
 * it is sent a second time with taps on its sender and its target, to learn
 * what became of it; the verdict on the first stands.  A probe that is expected
 * to fail is observed from the start.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "lab/neighbour_limit.h"
#include "probe/batch.h"
#include "probe/silence/sentinel.h"

#define MS 1000000ull

/* On a path of the kernel's own the answer is there when send returns, and
 * sentinels prove that it is not under way: this only lets stragglers in */
static const uint64_t kernel_deadline_ns = 1 * MS;

bool probe_begin(struct lc_batch *b, struct probe *p)
{
	p->left = p->on_target_wire = p->wire_answer = false;
	p->seen.sent = p->seen.arrived = p->seen.stray = p->seen.answer =
		p->seen.returned = (struct lc_ends){ 0 };
	p->wire_error = p->patient = p->relayed = false;
	p->foreign_identifier = p->for_another = p->went_on = false;
	p->nonsense = false;
	p->router = NULL;
	if (p->pieces)
		memset(p->pieces, 0, sizeof(*p->pieces));
	addresses_forget(b);
	if (!probe_number(b, p))
		return true;
	probe_settle(b, p, LC_OUTCOME_ERROR, "out of memory");
	return false;
}

void probe_await(struct probe *p)
{
	p->wake_ns = p->sent_ns + kernel_deadline_ns;
}

void probe_send(struct lc_batch *b, struct probe *p)
{
	struct lc_err err;

	probe_close(p);
	if (p->said.serve && server_prepare(b, p, &err)) {
		probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		return;
	}
	if (!probe_begin(b, p))
		return;
	b->sending = p;
	switch (p->said.protocol) {
	case LC_ICMP:
		echo_send(b, p);
		break;
	case LC_TCP:
		tcp_send(b, p);
		break;
	case LC_UDP:
		udp_send(b, p);
		break;
	case LC_DNS:
		dns_send(b, p);
		break;
	case LC_PROTOCOLS:
		break;
	}
	if (p->state != PROBE_PACED)
		probe_await(p);
	batch_pump(b, 0);
	b->sending = NULL;
	p->late = p->doubted || p->state != PROBE_SETTLED;
}

/* Whether the verdict stands on an echo that did not come to a socket of ours */
static bool echo_is_missing(const struct probe *p)
{
	if (p->said.protocol != LC_ICMP)
		return false;
	if (p->seen.outcome == LC_REPLY)
		return p->resent || (p->target && !p->seen.at_target);
	return p->seen.outcome == LC_DROP || p->wire_answer;
}

/* What the second probe showed is told of the first, which was not answered */
static void conclude(struct probe *p)
{
	if (p->on_target_wire && !probe_arrived(p))
		p->seen.arrived = p->seen.stray = p->seen.answer =
			(struct lc_ends){ 0 };
	/* A server's word outranks the wire: it may be somebody else's SYN that
	 * was answered, but not somebody else's cookie that was served */
	if (probe_arrived(p) &&
	    (!p->said.serve || p->seen.outcome != LC_REPLY)) {
		p->seen.at_target = true;
		p->seen.seen_from = p->wire_source;
	}
	p->seen.mute = p->said.protocol == LC_ICMP && p->observed &&
		       probe_arrived(p) && !p->seen.answer.source.family &&
		       !p->target->probe->tap_lost;
	if (p->observed && p->target && !p->seen.at_target &&
	    p->target->probe->tap_lost) {
		p->seen.outcome = LC_OUTCOME_ERROR;
		p->seen.detail =
			"a tap lost packets: whether it arrived can't be told";
		return;
	}
	if (echo_is_missing(p) && echo_may_be_lost(p)) {
		p->seen.outcome = LC_OUTCOME_ERROR;
		p->seen.detail =
			"more echoes came than could be read: that one is missing proves nothing";
		return;
	}
	if (!p->resent || p->seen.outcome != LC_REPLY)
		return;
	p->seen.outcome = LC_DROP;
	p->seen.detail = "the first probe was not answered, a second one was";
}

/* One that can be asked: the first may have been removed */
static struct lc_node *any_node(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (node_stands(&lab->nodes[i]))
			return &lab->nodes[i];
	return &lab->nodes[0];
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
		struct lc_seen *seen = &b->probes[i]->seen;

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
		if (b->probes[i]->seen.outcome != LC_REPLY)
			return false;
	return true;
}

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
		p->seen.at_target = false;
		p->state = PROBE_READY;
		b->unsettled++;
		probe_send(b, p);
		wait_for_all(b);
	}
}

int batch_run(struct lc_batch *b, struct lc_err *err)
{
	struct lc_err why;
	int r;

	b->seen = calloc(b->count ?: 1, sizeof(*b->seen));
	if (!b->seen || b->epoll < 0)
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
	if (b->count)
		neighbour_overflows(any_node(b->lab), &b->overflows, NULL);
	absence_begin(b);
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (p->said.to->kind == LC_TARGET_NAME && !lookup_found(b, p))
			continue;
		p->seen.refused = probe_prepare(b, p, &why);
		if (p->seen.refused)
			probe_settle(b, p, LC_OUTCOME_ERROR, "%s", why.text);
	}
	r = strangers_begin(b, err);
	if (r) {
		sentinel_unpin(b->affinity);
		b->affinity = NULL;
		return r;
	}
	send_all(b);
	send_held(b);
	crowd_done(b);
	ask_others(b);
	send_alone(b);
	controls_run(b);
	sentinel_unpin(b->affinity);
	b->affinity = NULL;
	for (size_t i = 0; i < b->count; i++) {
		/* Its kernel would ask again and again, beside what comes next */
		probe_close(b->probes[i]);
		conclude(b->probes[i]);
	}
	if (!all_answered(b))
		doubt_overflows(b);
	for (size_t i = 0; i < b->count; i++)
		b->seen[i] = b->probes[i]->seen;
	return 0;
}
