// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe.c - one probe under way, and what is known of it so far
 *
 * A probe has a new number each time that it is sent: so what still comes of the
 * time before is told apart, and belongs to it all the same.  Its outcome is final
 * once it is settled, whoever has more to say.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "lab/address_holder.h"
#include "lab/lab.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"

#define MS 1000000ull

/* On a path of the kernel's own the answer is there when send returns, and
 * sentinels prove that it is not under way: this only lets stragglers in */
static const uint64_t kernel_deadline_ns = 1 * MS;

static uint32_t next_serial(void)
{
	static uint32_t serial;

	/* 24 bits fit into an echo's identifier and sequence number */
	return serial = (serial + 1) & 0xffffff;
}

struct probe **probes_make_room(struct probe **list, size_t count)
{
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, sizeof(*list));
}

int probe_number(struct lc_batch *b, struct probe *p)
{
	struct probe **grown;

	grown = probes_make_room(b->by_serial, b->serial_count);
	if (!grown)
		return -ENOMEM;
	b->by_serial = grown;
	p->serial = next_serial();
	if (!b->serial_count)
		b->first_serial = p->serial;
	b->by_serial[b->serial_count++] = p;
	return 0;
}

struct probe *batch_find(struct lc_batch *b, uint32_t serial)
{
	uint32_t n = (serial - b->first_serial) & 0xffffff;

	if (n >= b->serial_count || b->by_serial[n]->serial != serial)
		return NULL;
	return b->by_serial[n];
}

bool probe_begin(struct lc_batch *b, struct probe *p)
{
	p->left = p->on_target_wire = p->wire_answer = false;
	p->seen->sent = p->seen->arrived = p->seen->stray = p->seen->answer =
		p->seen->returned = (struct lc_ends){ 0 };
	p->wire_error = p->patient = p->relayed = false;
	p->held_ns = 0;
	p->foreign_identifier = p->for_another = p->went_on = false;
	p->nonsense = p->answer_left = p->stranger = p->half = false;
	p->router = NULL;
	p->trail = (struct trail){ 0 };
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

bool probe_is_local(const struct probe *p)
{
	return node_has_address(p->from, &p->seen->address);
}

void probe_answered(struct lc_batch *b, struct probe *p,
		    const struct lc_ip *by)
{
	p->seen->answered_by = *by;
	p->seen->rtt_ns = clock_ns() - p->sent_ns;
	if (p->seen->rtt_ns > b->lab->worst_rtt_ns)
		b->lab->worst_rtt_ns = p->seen->rtt_ns;
}

void probe_settle(struct lc_batch *b, struct probe *p,
		  enum lc_outcome outcome, const char *format, ...)
{
	va_list args;

	if (p->state == PROBE_SETTLED)
		return;
	free(p->detail);
	p->state = PROBE_SETTLED;
	p->watch.over = true;
	b->unsettled--;
	p->seen->outcome = outcome;
	va_start(args, format);
	if (vasprintf(&p->detail, format, args) < 0)
		p->detail = NULL;
	va_end(args);
	p->seen->detail = p->detail ?: "out of memory";
}

void probe_close(struct probe *p)
{
	lc_close(&p->watch.fd);
}
