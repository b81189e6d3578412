// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.c - a batch is put together, and taken apart
 *
 * What each part of the engine keeps in it, that part frees.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/doubles.h"
#include "probe/batch/probe.h"
#include "probe/control/control.h"
#include "probe/engine.h"
#include "probe/lookup.h"
#include "probe/neighbour/strangers.h"
#include "probe/protocol/dns.h"
#include "probe/protocol/server.h"
#include "probe/silence/absence.h"

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
	doubles_free(b);
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

int lc_batch_add(struct lc_batch *b, const struct lc_probe *said,
		 struct lc_err *err)
{
	struct probe **probes, *p = calloc(1, sizeof(*p));

	probes = probes_make_room(b->probes, b->count);
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
