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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/neighbour_limit.h"
#include "probe/batch.h"
#include "probe/capture.h"
#include "probe/recording.h"
#include "probe/sentinel.h"

#define MS 1000000ull

/* On a path of the kernel's own the answer is there when send returns, and
 * sentinels prove that it is not under way: this only lets stragglers in */
static const uint64_t kernel_deadline_ns = 1 * MS;

uint64_t probe_nonce(void)
{
	static uint64_t nonce;

	while (!nonce)
		if (getrandom(&nonce, sizeof(nonce), 0) < 0)
			nonce = clock_ns();
	return nonce;
}

static uint32_t next_serial(void)
{
	static uint32_t serial;

	/* 24 bits fit into an echo's identifier and sequence number */
	return serial = (serial + 1) & 0xffffff;
}

struct lc_batch *batch_new(struct lc_lab *lab)
{
	static uint64_t number;
	struct lc_batch *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->number = ++number;
	b->lab = lab;
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	return b;
}

static void probe_close(struct probe *p)
{
	lc_close(&p->watch.fd);
}

static void probe_free(struct probe *p)
{
	probe_close(p);
	exchange_free(p->exchange);
	free(p);
}

void batch_free(struct lc_batch *b)
{
	if (!b)
		return;
	servers_free(b);
	lookups_free(b);
	free(b->crowd);
	for (size_t i = 0; i < b->count; i++) {
		probe_free(b->probes[i]);
	}
	free(b->probes);
	free(b->seen);
	free(b->by_serial);
	lc_close(&b->epoll);
	free(b);
}

size_t batch_count(const struct lc_batch *b)
{
	return b->count;
}

const struct lc_seen *batch_seen(const struct lc_batch *b)
{
	return b->seen;
}

/* A node that no scalar of the file stands for */
static void name_target(struct probe *p)
{
	p->said.to = &p->to;
	if (!p->said.to_node && !p->said.to_ip.family) {
		p->to = (struct lc_value){ .text = "its name server",
					   .kind = LC_TARGET_NONE };
		return;
	}
	p->to = (struct lc_value){
		.text = p->said.to_node ?: "an address",
		.kind = LC_TARGET_NODE,
		.node = p->said.to_node,
	};
	if (p->said.to_ip.family) {
		p->to.kind = LC_TARGET_ADDRESS;
		p->to.node = NULL;
		p->to.ip = p->said.to_ip;
		p->said.target_on = p->said.to_node;
	}
}

int lc_batch_add(struct lc_batch *b, const struct lc_probe *said,
		 struct lc_err *err)
{
	struct probe **probes, *p = calloc(1, sizeof(*p));

	probes = reallocarray(b->probes, b->count + 1, sizeof(*probes));
	if (probes)
		b->probes = probes;
	if (!p || !probes) {
		free(p);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	p->said = *said;
	if (!said->family && said->source)
		p->said.family = said->source->ip.family;
	if (!said->to)
		name_target(p);
	p->seen.from = said->from;
	p->seen.to = p->said.to->text;
	p->watch.fd = -1;
	b->probes[b->count++] = p;
	return 0;
}

int batch_watch(struct lc_batch *b, struct watch *w, unsigned int events,
		struct lc_err *err)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	if (!epoll_ctl(b->epoll, EPOLL_CTL_ADD, w->fd, &e) || errno == EEXIST)
		return 0;
	return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
}

bool batch_watches(struct lc_batch *b, struct watch *w)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = w };

	return !epoll_ctl(b->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

void batch_rewatch(struct lc_batch *b, struct watch *w, unsigned int events)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	epoll_ctl(b->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

struct probe *batch_find(struct lc_batch *b, uint32_t serial)
{
	uint32_t n = (serial - b->first_serial) & 0xffffff;

	if (n >= b->serial_count || b->by_serial[n]->serial != serial)
		return NULL;
	return b->by_serial[n];
}

static int probe_number(struct lc_batch *b, struct probe *p)
{
	struct probe **grown;

	grown = reallocarray(b->by_serial, b->serial_count + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	b->by_serial = grown;
	p->serial = next_serial();
	if (!b->serial_count)
		b->first_serial = p->serial;
	b->by_serial[b->serial_count++] = p;
	return 0;
}

void probe_settle(struct lc_batch *b, struct probe *p,
		  enum lc_outcome outcome, const char *format, ...)
{
	va_list args;

	if (p->state == PROBE_SETTLED)
		return;
	p->state = PROBE_SETTLED;
	b->unsettled--;
	p->seen.outcome = outcome;
	va_start(args, format);
	vsnprintf(p->seen.detail, sizeof(p->seen.detail), format, args);
	va_end(args);
}

void probe_answered(struct lc_batch *b, struct probe *p,
		    const struct lc_ip *by)
{
	p->seen.answered_by = *by;
	p->seen.rtt_ns = clock_ns() - p->sent_ns;
	if (p->seen.rtt_ns > b->lab->worst_rtt_ns)
		b->lab->worst_rtt_ns = p->seen.rtt_ns;
}

static void watch_ready(struct lc_batch *b, struct watch *w)
{
	if (w->fd < 0)
		return;
	switch (w->kind) {
	case WATCH_ECHO:
		echo_ready(b, w);
		return;
	case WATCH_TAP:
		tap_ready(b, w);
		return;
	case WATCH_TCP:
		tcp_ready(b, w->probe);
		return;
	case WATCH_UDP:
		udp_ready(b, w->probe);
		return;
	case WATCH_DNS:
		dns_ready(b, w->probe);
		return;
	case WATCH_LISTEN:
		server_ready(b, w->server);
		return;
	case WATCH_CONNECTION:
		connection_ready(b, w);
		return;
	}
}

bool batch_pump(struct lc_batch *b, int wait_ms)
{
	struct epoll_event events[64];
	bool moved = false;
	int n;

	/* Bounded, since somebody else's packets may keep a tap busy */
	for (int round = 0; round < 1000; round++) {
		n = epoll_wait(b->epoll, events, 64, wait_ms);
		if (n <= 0)
			break;
		wait_ms = 0;
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			moved |= w->kind != WATCH_TAP;
			watch_ready(b, w);
		}
		/* A settled probe has nothing more to say */
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			if ((w->kind == WATCH_TCP || w->kind == WATCH_UDP ||
			     w->kind == WATCH_DNS) &&
			    w->probe->state == PROBE_SETTLED)
				probe_close(w->probe);
		}
	}
	recording_read(b->lab->recording);
	captures_read(b->lab->captures);
	return moved;
}

void probe_send(struct lc_batch *b, struct probe *p)
{
	struct lc_err err;

	probe_close(p);
	if (p->said.serve && server_prepare(b, p, &err)) {
		probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		return;
	}
	p->left = p->on_target_wire = p->wire_answer = false;
	p->seen.sent = p->seen.arrived = p->seen.stray = p->seen.answer =
		p->seen.returned = (struct lc_ends){ 0 };
	p->wire_error = p->patient = p->relayed = false;
	p->router = NULL;
	p->request.ifindex = p->answer.ifindex = 0;
	if (probe_number(b, p)) {
		probe_settle(b, p, LC_OUTCOME_ERROR, "out of memory");
		return;
	}
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
		p->wake_ns = p->sent_ns + kernel_deadline_ns;
	batch_pump(b, 0);
	b->sending = NULL;
}

/* What the second probe showed is told of the first, which was not answered */
static void conclude(struct probe *p)
{
	/* A server's word outranks the wire: it may be somebody else's SYN that
	 * was answered, but not somebody else's cookie that was served */
	if (p->on_target_wire &&
	    (!p->said.serve || p->seen.outcome != LC_REPLY)) {
		p->seen.at_target = true;
		p->seen.seen_from = p->wire_source;
	}
	if (!p->resent || p->seen.outcome != LC_REPLY)
		return;
	p->seen.outcome = LC_DROP;
	snprintf(p->seen.detail, sizeof(p->seen.detail),
		 "the first probe was not answered, a second one was");
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
		snprintf(seen->detail, sizeof(seen->detail),
			 "this machine's neighbour table is full (sysctl net.ipv4.neigh.default.gc_thresh3, net.ipv6.neigh.default.gc_thresh3)");
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
	while (b->unsettled) {
		batch_pump(b, batch_wait_ms(b));
		batch_expire(b);
	}
	batch_pump(b, 0);
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
 * for says nothing about a lab without that server: it goes again, alone */
static void send_alone(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (!p->interfered)
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

/* Which protocols are probed with (bit 0) and without (bit 1) a server */
static void note_mix(unsigned int mix[LC_PROTOCOLS], const struct lc_probe *said)
{
	mix[said->protocol] |= said->serve ? 1 : 2;
}

bool batch_mixes(const struct lc_batch *b)
{
	unsigned int mix[LC_PROTOCOLS] = { 0 };

	for (size_t i = 0; i < b->count; i++)
		note_mix(mix, &b->probes[i]->said);
	return mix[LC_TCP] != 3 && mix[LC_UDP] != 3;
}

void batch_truncate(struct lc_batch *b, size_t count)
{
	while (b->count > count) {
		probe_free(b->probes[--b->count]);
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
	for (size_t i = 0; i < b->count; i++) {
		struct probe *p = b->probes[i];

		if (p->said.to->kind == LC_TARGET_NAME && !lookup_found(b, p))
			continue;
		p->seen.refused = probe_prepare(b, p, &why);
		if (p->seen.refused)
			probe_settle(b, p, LC_OUTCOME_ERROR, "%s", why.text);
	}
	for (size_t i = 0; i < b->count; i++) {
		if (b->probes[i]->state != PROBE_READY)
			continue;
		probe_send(b, b->probes[i]);
		crowd_note(b, b->probes[i]);
	}
	wait_for_all(b);
	crowd_done(b);
	ask_others(b);
	send_alone(b);
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
