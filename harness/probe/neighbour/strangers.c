// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * strangers.c - each asks for each, whatever it has heard of it
 *
 * When red asks for blue by ARP, blue learns of red, and need not ask when it
 * sends to red in its turn.  So of two probes of one batch, there and back, the
 * second would say nothing about whether blue's question comes to red.  Where
 * something tells one ARP packet from another (hearsay.c) it may not.  There, and
 * with neighbour discovery, the second sender forgets what the first one's question
 * has taught it.  What it knew before the batch it knows.
 *
 * A probe whose neighbour does not answer waits, for some milliseconds, and goes
 * when that neighbour is heard of, by its asking for somebody else.  So while a
 * probe is unanswered the one back is held, and an answer that was not there at
 * once is not believed: that probe goes again, alone, and is a stranger once more.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/neighbour.h>

#include <labcheck/err.h>

#include "lab/address_message.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/neighbour/hearsay.h"
#include "probe/neighbour/on_link.h"
#include "probe/neighbour/strangers.h"
#include "probe/silence/promptness.h"
#include "scenario/address.h"

/** struct way - A probe between neighbours; nodes by their index */
struct way {
	uint32_t from, to;
	int family;
	uint32_t ifindex;
	size_t order;
	struct probe *probe;
};

/** struct known - What a node knew before */
struct known {
	bool looked;
	struct lc_neighbour *list;
	size_t count;
};

/**
 * struct strangers - The probes between neighbours of a batch
 * @ways:	Sorted by their ends, then as they are sent
 * @known:	By the index of the node
 */
struct strangers {
	struct way *ways;
	size_t count;
	struct known *known;
	size_t node_count;
};

static int compare_ends(const struct way *x, const struct way *y)
{
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->family - y->family;
}

static int compare(const void *a, const void *b)
{
	const struct way *x = a, *y = b;
	int r = compare_ends(x, y);

	return r ?: x->order < y->order ? -1 : x->order > y->order;
}

/* The first probe from one node to another */
static struct way *find(const struct strangers *s, uint32_t from, uint32_t to,
			int family)
{
	const struct way key = { .from = from, .to = to, .family = family };
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_ends(&s->ways[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->count && !compare_ends(&s->ways[low], &key) ?
		       &s->ways[low] :
		       NULL;
}

static void note(struct strangers *s, struct probe *p, size_t order)
{
	struct way *w = &s->ways[s->count];

	if (p->state != PROBE_READY || !p->target || p->target == p->from ||
	    p->from->plan->kind == NODE_ADOPTED ||
	    !on_link(p->from, &p->seen->address, &w->ifindex))
		return;
	w->from = p->from->index;
	w->to = p->target->index;
	w->family = p->seen->address.family;
	w->order = order;
	w->probe = p;
	s->count++;
}

static int look(struct strangers *s, struct lc_node *node, struct lc_err *err)
{
	struct known *known = &s->known[node->index];

	if (known->looked)
		return 0;
	known->looked = true;
	return lc_node_neighbours(node, &known->list, &known->count, err);
}

static int look_all(struct strangers *s, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < s->count && !r; i++) {
		r = look(s, s->ways[i].probe->from, err);
		if (!r)
			r = look(s, s->ways[i].probe->target, err);
	}
	return r;
}

bool strangers_know(const struct strangers *s, const struct lc_node *node,
		    uint32_t ifindex, const struct lc_ip *ip)
{
	const struct known *known = &s->known[node->index];

	for (size_t i = 0; i < known->count; i++)
		if (known->list[i].ifindex == ifindex &&
		    ip_equal(&known->list[i].ip, ip))
			return !(known->list[i].state &
				 (NUD_INCOMPLETE | NUD_FAILED));
	return false;
}

static bool knows(const struct strangers *s, const struct way *w)
{
	return strangers_know(s, w->probe->from, w->ifindex,
			      &w->probe->seen->address);
}

void strangers_free(struct strangers *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->node_count; i++)
		free(s->known[i].list);
	free(s->known);
	free(s->ways);
	free(s);
}

static bool is_needed(const struct lc_batch *b)
{
	bool alike = lab_hears_alike(b->lab);

	for (size_t i = 0; i < b->count; i++)
		if (b->count > 1 && b->probes[i]->state == PROBE_READY &&
		    (!alike || b->probes[i]->seen->address.family != AF_INET))
			return true;
	return false;
}

int strangers_begin(struct lc_batch *b, struct lc_err *err)
{
	struct strangers *s;

	if (!is_needed(b))
		return 0;
	s = b->strangers = calloc(1, sizeof(*s));
	if (!s)
		return lc_err_set(err, -ENOMEM, "out of memory");
	s->ways = calloc(b->count, sizeof(*s->ways));
	s->known = calloc(b->lab->node_count, sizeof(*s->known));
	if (!s->ways || !s->known)
		return lc_err_set(err, -ENOMEM, "out of memory");
	s->node_count = b->lab->node_count;
	for (size_t i = 0; i < b->count; i++)
		note(s, b->probes[i], i);
	qsort(s->ways, s->count, sizeof(*s->ways), compare);
	return look_all(s, err);
}

static struct way *way_of(const struct lc_batch *b, const struct probe *p)
{
	struct way *w = b->strangers && p->target && p->from ?
				find(b->strangers, p->from->index,
				     p->target->index,
				     p->seen->address.family) :
				NULL;

	while (w && w < b->strangers->ways + b->strangers->count &&
	       w->from == p->from->index && w->to == p->target->index &&
	       w->family == p->seen->address.family) {
		if (w->probe == p)
			return w;
		w++;
	}
	return NULL;
}

static void forget(const struct way *w)
{
	struct rtnl_msg m;
	struct rtnl *rtnl;

	if (node_rtnl(w->probe->from, &rtnl, NULL))
		return;
	rtnl_build_neighbour_delete(&m, w->ifindex, &w->probe->seen->address);
	rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "neighbour");
	rtnl_forgive(rtnl, -ENOENT);
	rtnl_commit(rtnl, NULL, NULL);
}

bool strangers_meet(struct lc_batch *b, const struct probe *p)
{
	const struct way *w = way_of(b, p), *first, *back;

	if (!w)
		return true;
	first = find(b->strangers, w->from, w->to, w->family);
	back = find(b->strangers, w->to, w->from, w->family);
	/* Who has asked before has asked */
	if (first != w)
		return first->probe->state != PROBE_READY;
	if (!back || back->order > w->order)
		return true;
	if (back->probe->state != PROBE_SETTLED)
		return false;
	if (!knows(b->strangers, w))
		forget(w);
	return true;
}

bool strangers_doubt(struct lc_batch *b, const struct probe *p)
{
	const struct way *w = way_of(b, p);

	if (!w || !p->late || p->seen->outcome != LC_REPLY ||
	    !lab_is_prompt(b) || knows(b->strangers, w))
		return false;
	forget(w);
	return true;
}
