// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * order.c - in which order packets were seen at different nodes
 *
 * Each node's tap tells the order of what passed there.  Times would tell the
 * rest, but the kernel begins to note them only some milliseconds after the
 * first socket wants them, and hands out the time of reading until then.  So the
 * cables tell it: what came in at one end had left at the other before.  Where
 * several could be next, the packet is followed on its way.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "postmortem/order.h"
#include "postmortem/sighting.h"

/**
 * struct ordering - Under way
 * @taken:	Which are in @order already
 */
struct ordering {
	const struct sightings *seen;
	bool *taken;
	size_t *order;
	size_t count;
};

static const struct plan_interface *plan_of(const struct sighting *s)
{
	return plan_interface_by_index(s->node->plan, s->ifindex);
}

/* Whether an interface has another end in the lab, and whether @out is there */
static bool has_other_end(const struct sighting *s)
{
	const struct plan_interface *i = plan_of(s);

	return i && i->kind == KIND_VETH && i->peer_node != NO_NODE;
}

static bool leaves_towards(const struct sighting *out,
			   const struct sighting *in)
{
	const struct plan_interface *i = plan_of(in), *o = plan_of(out);

	return out->out && !in->out && o && i &&
	       out->node->plan->owner->number == i->peer_node &&
	       in->node->plan->owner->number == o->peer_node &&
	       !strcmp(out->summary, in->summary) &&
	       &out->node->plan->owner->interfaces[i->peer_interface] == o;
}

/* What comes in there has come in at another interface of its node before */
static bool is_inner(const struct sighting *s)
{
	const struct plan_interface *i = plan_of(s);

	return i && (i->kind == KIND_BRIDGE || i->kind == KIND_VLAN ||
		     i->kind == KIND_BOND || i->kind == KIND_VRF);
}

/* Whether something that is not told yet must come before it */
static bool must_wait(const struct ordering *o, size_t n)
{
	const struct sighting *s = &o->seen->items[n];

	if (s->out || is_inner(s))
		return false;
	for (size_t i = 0; i < o->seen->count; i++) {
		const struct sighting *other = &o->seen->items[i];

		if (o->taken[i] || other->node == s->node || !other->out)
			continue;
		if (has_other_end(s) ? leaves_towards(other, s) :
				       !strcmp(other->summary, s->summary))
			return true;
	}
	return false;
}

/* The first of a node that is not told yet; count: there is none */
static size_t first_of(const struct ordering *o, const struct lc_node *node)
{
	size_t i = 0;

	while (i < o->seen->count &&
	       (o->taken[i] || o->seen->items[i].node != node))
		i++;
	return i;
}

static bool is_ready(const struct ordering *o, size_t n)
{
	return n < o->seen->count && !o->taken[n] &&
	       first_of(o, o->seen->items[n].node) == n && !must_wait(o, n);
}

/* Where one that has left comes in; count: nowhere that could be next */
static size_t arrival_of(const struct ordering *o, size_t out)
{
	size_t i = 0;

	while (i < o->seen->count &&
	       !(is_ready(o, i) &&
		 leaves_towards(&o->seen->items[out], &o->seen->items[i])))
		i++;
	return i;
}

static size_t next(const struct ordering *o)
{
	size_t n = o->seen->count, early = n;

	if (o->count) {
		n = first_of(o, o->seen->items[o->order[o->count - 1]].node);
		if (is_ready(o, n))
			return n;
	}
	for (size_t i = 0; i < o->count; i++) {
		n = arrival_of(o, o->order[i]);
		if (n < o->seen->count)
			return n;
	}
	for (size_t i = 0; i < o->seen->count; i++)
		if (is_ready(o, i) &&
		    (early == o->seen->count ||
		     o->seen->items[i].ns < o->seen->items[early].ns))
			early = i;
	return early < o->seen->count ? early : 0;
}

int sightings_order(struct sightings *seen)
{
	lc_auto(lc_free) bool *taken = calloc(seen->count + 1, sizeof(bool));
	lc_auto(lc_free) size_t *order = calloc(seen->count + 1,
						sizeof(size_t));
	struct ordering o = { .seen = seen, .taken = taken, .order = order };
	struct sighting *sorted = calloc(seen->count + 1, sizeof(*sorted));

	if (!taken || !order || !sorted) {
		free(sorted);
		return -ENOMEM;
	}
	while (o.count < seen->count) {
		size_t n = next(&o);

		/* What has no order that makes sense comes as it was read */
		while (n < seen->count && taken[n])
			n++;
		taken[n] = true;
		order[o.count] = n;
		sorted[o.count++] = seen->items[n];
	}
	free(seen->items);
	seen->items = sorted;
	return 0;
}
