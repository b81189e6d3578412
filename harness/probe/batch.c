// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.c - the probes of a batch, and what each came to
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/random.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "probe/batch.h"

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

void probe_close(struct probe *p)
{
	lc_close(&p->watch.fd);
}

static void probe_free(struct probe *p)
{
	probe_close(p);
	exchange_free(p->exchange);
	free(p->pieces);
	free(p->detail);
	free(p);
}

void batch_free(struct lc_batch *b)
{
	if (!b)
		return;
	servers_free(b);
	lookups_free(b);
	free(b->crowd);
	absence_free(b);
	addresses_forget(b);
	strangers_free(b->strangers);
	controls_free(b);
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

/* Room for one more in a list, whose size is a power of two; NULL: out of memory,
 * and it is as it was */
static struct probe **make_room(struct probe **list, size_t count)
{
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, sizeof(*list));
}

int lc_batch_add(struct lc_batch *b, const struct lc_probe *said,
		 struct lc_err *err)
{
	struct probe **probes, *p = calloc(1, sizeof(*p));

	probes = make_room(b->probes, b->count);
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
	p->seen.detail = "";
	p->seen.to = p->said.to->text;
	p->watch.fd = -1;
	b->probes[b->count++] = p;
	return 0;
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

struct probe *batch_find(struct lc_batch *b, uint32_t serial)
{
	uint32_t n = (serial - b->first_serial) & 0xffffff;

	if (n >= b->serial_count || b->by_serial[n]->serial != serial)
		return NULL;
	return b->by_serial[n];
}

int probe_number(struct lc_batch *b, struct probe *p)
{
	struct probe **grown;

	grown = make_room(b->by_serial, b->serial_count);
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
	free(p->detail);
	p->state = PROBE_SETTLED;
	b->unsettled--;
	p->seen.outcome = outcome;
	va_start(args, format);
	if (vasprintf(&p->detail, format, args) < 0)
		p->detail = NULL;
	va_end(args);
	p->seen.detail = p->detail ?: "out of memory";
}

void probe_answered(struct lc_batch *b, struct probe *p,
		    const struct lc_ip *by)
{
	p->seen.answered_by = *by;
	p->seen.rtt_ns = clock_ns() - p->sent_ns;
	if (p->seen.rtt_ns > b->lab->worst_rtt_ns)
		b->lab->worst_rtt_ns = p->seen.rtt_ns;
}
