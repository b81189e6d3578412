// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * journey.c - the way of a packet, told interface by interface
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/lab.h>
#include <labcheck/report.h>

#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/journey.h"
#include "scenario/address.h"

enum { LINES_MAX = 24 };

static bool same_ends(const struct lc_ends *a, const struct lc_ends *b)
{
	return ip_equal(&a->source, &b->source) &&
	       ip_equal(&a->destination, &b->destination) &&
	       a->source_port == b->source_port &&
	       a->destination_port == b->destination_port;
}

/* The ports of a bridge take what is for others, and so do those of an Open
 * vSwitch, of which the kernel does not know */
static bool is_port(const struct sighting *s)
{
	const struct plan_interface *planned =
		plan_interface_by_index(s->node->plan, s->ifindex);
	struct lc_link link;

	if (planned && planned->openvswitch)
		return true;
	return node_link(s->node, s->ifindex, &link) && link.master;
}

static void tell(const struct sighting *s, const struct sighting *last,
		 struct lc_verdict *v)
{
	const char *name = lc_node_name(s->node);
	bool changed = !last || !same_ends(&last->ends, &s->ends) ||
		       strcmp(last->summary, s->summary) != 0;
	char mac[MAC_TEXT_SIZE];

	if (!last)
		lc_verdict_note(v, "journey", "%s:%s %s %s", name,
				s->interface, s->out ? "sent" : "saw",
				s->summary);
	else if (s->for_other && !is_port(s))
		lc_verdict_note(v, "journey", "%s:%s saw it, addressed to %s",
				name, s->interface,
				mac_format(s->destination_mac, mac));
	else
		lc_verdict_note(v, "journey", "%s:%s %s%s%s", name,
				s->interface,
				s->out ? "passed it on" : "saw it",
				changed ? " as " : "",
				changed ? s->summary : "");
}

/* Questions for a neighbour matter if the way ended with one; what a kernel
 * tells itself goes nowhere */
static bool matters(const struct sighting *s, const struct cause *cause)
{
	if (s->kind == SEEN_ERROR && !strcmp(s->interface, "lo"))
		return false;
	if (s->kind == SEEN_QUESTION)
		return cause->asker &&
		       sighting_is_question(s, cause->asker,
					    &cause->neighbour);
	if (s->kind == SEEN_ANSWER)
		return cause->asker &&
		       sighting_is_answer(s, cause->asker, &cause->neighbour);
	return true;
}

/* The one told before, of the same packet */
static const struct sighting *before(const struct sightings *seen, size_t i,
				     const struct cause *cause)
{
	for (size_t k = i; k-- > 0;)
		if (seen->items[k].kind == seen->items[i].kind &&
		    matters(&seen->items[k], cause))
			return &seen->items[k];
	return NULL;
}

/* What a node has made of an address on the way there */
static void tell_change(const struct sighting *s, const struct sighting *last,
			const char *what, const struct lc_ip *now,
			const struct lc_ip *was, struct lc_verdict *v)
{
	char from[IP_TEXT_SIZE], to[IP_TEXT_SIZE];

	/* A name server that asks another puts a question of its own */
	if (s->kind == SEEN_REQUEST && last && last->kind == SEEN_REQUEST &&
	    strcmp(last->interface, "lo") != 0 && !ip_equal(now, was))
		lc_verdict_note(v, "changed", "%s made its %s %s into %s",
				lc_node_name(s->node), what,
				ip_format(was, from), ip_format(now, to));
}

static void tell_changes(const struct sightings *seen,
			 const struct cause *cause, struct lc_verdict *v)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct sighting *s = &seen->items[i];
		const struct sighting *last = before(seen, i, cause);

		if (!last)
			continue;
		tell_change(s, last, "source", &s->own.source,
			    &last->own.source, v);
		tell_change(s, last, "destination", &s->own.destination,
			    &last->own.destination, v);
	}
}

void journey_tell(const struct sightings *seen, const struct cause *cause,
		  struct lc_verdict *v)
{
	size_t lines = 0;

	for (size_t i = 0; i < seen->count; i++) {
		if (!matters(&seen->items[i], cause))
			continue;
		if (lines++ == LINES_MAX) {
			lc_verdict_note(v, "journey", "...");
			break;
		}
		tell(&seen->items[i], before(seen, i, cause), v);
	}
	if (*cause->missing)
		lc_verdict_note(v, "journey", "%s did not", cause->missing);
	tell_changes(seen, cause, v);
}
