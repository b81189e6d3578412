// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * meeting.c - all nodes of a large batch get to know each other
 *
 * An ARP request goes to all: in a network of fifty nodes it costs the kernel ten
 * times as much as the echo that it is for, and there are as many as pairs.  But
 * all the others hear it, too.  A node takes note of what it hears of one for whom
 * it has an entry, and of nobody else.
 *
 * So before the first probe leaves, each node gets an entry for each of those that
 * it is to probe and be probed by: one that says nothing (and is not counted, see
 * crowd.c).  Then each asks for one neighbour, by sending it a probe as ever.  Now
 * all have heard of all, from their own mouths, and each has answered one question.
 * What a node did not hear it asks for when it sends, as if there had been no
 * meeting.
 *
 * Where that does not prove as much as asking (hearsay.c), or one of these first
 * probes is not answered, there is no meeting: the entries go, and each pair asks.
 */
#include <errno.h>
#include <stdlib.h>

#include "lab/address_message.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/meeting.h"
#include "probe/neighbour/crowd.h"
#include "probe/neighbour/hearsay.h"
#include "probe/neighbour/on_link.h"
#include "probe/protocol/volley.h"
#include "probe/send.h"

/** struct pair - A probe that is to meet its target; nodes by their index */
struct pair {
	uint32_t from, to;
	uint32_t ifindex;
	struct probe *probe;
};

struct meeting {
	struct pair *pairs;
	size_t count;
};

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static struct pair *find(const struct meeting *m, uint32_t from, uint32_t to)
{
	const struct pair key = { .from = from, .to = to };

	return bsearch(&key, m->pairs, m->count, sizeof(key), compare);
}

static void invite(struct meeting *m, struct probe *p)
{
	const struct plan_address *from;
	uint32_t ifindex, there;

	if (!probe_is_plain(p))
		return;
	from = on_link(p->from, &p->seen->address, &ifindex);
	if (!from || !on_link(p->target, &from->ip, &there))
		return;
	m->pairs[m->count++] = (struct pair){ p->from->index, p->target->index,
					      ifindex, p };
}

/* Once each, and only with who probes the other in turn: an entry that nobody
 * uses would stay */
static void pair_off(struct meeting *m)
{
	size_t kept = 0;

	qsort(m->pairs, m->count, sizeof(*m->pairs), compare);
	for (size_t i = 0; i < m->count; i++)
		if (!kept || compare(&m->pairs[kept - 1], &m->pairs[i]))
			m->pairs[kept++] = m->pairs[i];
	m->count = kept;
	for (size_t i = 0; i < m->count; i++)
		m->pairs[i].probe->met =
			find(m, m->pairs[i].to, m->pairs[i].from) != NULL;
	kept = 0;
	for (size_t i = 0; i < m->count; i++)
		if (m->pairs[i].probe->met)
			m->pairs[kept++] = m->pairs[i];
	m->count = kept;
}

/* Those of one sender, from @first on */
static size_t row_end(const struct meeting *m, size_t first)
{
	size_t end = first;

	while (end < m->count && m->pairs[end].from == m->pairs[first].from)
		end++;
	return end;
}

/* Whom a sender asks for: the next sender, so that each is asked for once */
static struct pair *first_question(const struct meeting *m, size_t row)
{
	size_t end = row_end(m, row);
	struct pair *next = find(m, m->pairs[row].from,
				 m->pairs[end < m->count ? end : 0].from);

	return next ?: &m->pairs[row];
}

static void add_blank(struct rtnl *rtnl, const struct pair *pair)
{
	struct rtnl_msg m;

	rtnl_build_neighbour_blank(&m, pair->ifindex,
				   &pair->probe->seen->address);
	rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "neighbour");
	/* Who knows it knows it */
	rtnl_forgive(rtnl, -EEXIST);
}

/* But for the one who is asked for: what is said until then is not to be heard */
static int introduce(const struct meeting *m, size_t row)
{
	const struct pair *question = first_question(m, row);
	struct rtnl *rtnl;
	int r = node_rtnl(question->probe->from, &rtnl, NULL);

	if (r)
		return r;
	for (size_t i = row; i < row_end(m, row); i++)
		if (&m->pairs[i] != question)
			add_blank(rtnl, &m->pairs[i]);
	return rtnl_commit(rtnl, NULL, NULL);
}

static int ask(struct lc_batch *b, const struct pair *question)
{
	struct rtnl *rtnl;
	int r = node_rtnl(question->probe->from, &rtnl, NULL);

	if (r)
		return r;
	add_blank(rtnl, question);
	r = rtnl_commit(rtnl, NULL, NULL);
	if (r)
		return r;
	probe_send(b, question->probe);
	return question->probe->seen->outcome == LC_REPLY &&
			       question->probe->state == PROBE_SETTLED ?
		       0 :
		       -EHOSTUNREACH;
}

static void part(const struct meeting *m, size_t row)
{
	struct rtnl *rtnl;

	if (node_rtnl(m->pairs[row].probe->from, &rtnl, NULL))
		return;
	for (size_t i = row; i < row_end(m, row); i++) {
		struct rtnl_msg message;

		/* What has been sent waits in its entry */
		m->pairs[i].probe->met = false;
		if (m->pairs[i].probe->state != PROBE_READY)
			continue;
		rtnl_build_neighbour_delete(&message, m->pairs[i].ifindex,
					    &m->pairs[i].probe->seen->address);
		rtnl_add(rtnl, &message, (struct lc_at){ 0 }, "neighbour");
		rtnl_forgive(rtnl, -ENOENT);
	}
	rtnl_commit(rtnl, NULL, NULL);
}

static void hold(struct lc_batch *b, const struct meeting *m)
{
	int r = 0;

	for (size_t i = 0; i < m->count && !r; i = row_end(m, i))
		r = introduce(m, i);
	for (size_t i = 0; i < m->count && !r; i = row_end(m, i))
		r = ask(b, first_question(m, i));
	for (size_t i = 0; i < m->count && r; i = row_end(m, i))
		part(m, i);
}

void meeting_hold(struct lc_batch *b)
{
	struct meeting m = { 0 };

	if (b->count < CROWD || b->lab->recording || b->lab->captures ||
	    !lab_hears_alike(b->lab))
		return;
	m.pairs = calloc(b->count, sizeof(*m.pairs));
	if (!m.pairs)
		return;
	for (size_t i = 0; i < b->count; i++)
		invite(&m, b->probes[i]);
	pair_off(&m);
	hold(b, &m);
	free(m.pairs);
}
