// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause.c - where a packet ended, and why
 *
 * The way is gone again from the last place where the packet was seen: first
 * the request's, and if that reached its target, the answer's.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "probe/batch/probe.h"
#include "scenario/address.h"

bool cause_is(struct inquest *q, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(q->cause.text, sizeof(q->cause.text), format, args);
	va_end(args);
	return true;
}

void cause_missing(struct inquest *q, const struct lc_node *node,
		   const char *interface)
{
	snprintf(q->cause.missing, sizeof(q->cause.missing), "%s:%s",
		 lc_node_name(node), interface);
}

static bool is_local(struct lc_node *node, const struct lc_ip *ip)
{
	return node_has_address(node, ip);
}

enum { CIRCLE_MAX = 4 };

static bool follow(struct inquest *q, enum sighting_kind kind);

/* The answer has come to another who has the sender's address */
static bool cause_astray(struct inquest *q, const struct sighting *last)
{
	struct lc_node *from = q->probe->from;
	char ip[IP_TEXT_SIZE];

	if (last->node == from || last->node->plan->owner == from->plan->owner ||
	    !is_local(from, &last->ends.destination) ||
	    ip_is_loopback(&last->ends.destination))
		return false;
	return cause_is(q, "the answer went to %s: it has %s as well as %s",
			lc_node_name(last->node),
			ip_format(&last->ends.destination, ip),
			lc_node_name(from));
}

/* It came in where it was meant to end */
static bool delivered(struct inquest *q, const struct sighting *last,
		      enum sighting_kind kind)
{
	char from[IP_TEXT_SIZE], to[IP_TEXT_SIZE];

	if (kind == SEEN_REPLY) {
		if (cause_astray(q, last))
			return true;
		if (cause_rule_at(q, last))
			return true;
		if (ip_equal(&last->ends.source, &q->probe->seen->address))
			return cause_martian(q, last) ||
			       cause_reverse_path(q, last) ||
			       cause_filter_in(q, last);
		/* What a program has passed on looks like an answer, too */
		if (last->node != q->probe->from)
			return false;
		return cause_is(q, "the answer came back from %s, and %s had asked %s",
				ip_format(&last->ends.source, from),
				lc_node_name(last->node),
				ip_format(&q->probe->seen->address, to));
	}
	if (sightings_first(q->seen, SEEN_REPLY))
		return follow(q, SEEN_REPLY);
	return cause_mute(q, last);
}

/* Where a packet that came in should have been seen next */
static void next_interface(struct inquest *q, const struct sighting *last)
{
	struct lc_route route;

	if (!lc_node_lookup(last->node, &last->ends.destination, NULL, &route,
			    NULL))
		cause_missing(q, last->node, route.dev);
}

/* What has come no further than a port has not been routed yet */
static bool has_master(const struct sighting *s)
{
	struct lc_link link;

	return node_link(s->node, s->ifindex, &link) && link.master;
}

static bool is_bridge(const struct sighting *s)
{
	struct lc_link link;

	return node_link(s->node, s->ifindex, &link) &&
	       !strcmp(link.kind, "bridge");
}

/* Seen elsewhere; of what neighbours are asked many questions may be under way */
bool is_same_packet(const struct sighting *a, const struct sighting *b)
{
	return a->kind == b->kind &&
	       (a->kind != SEEN_QUESTION ||
		(ip_equal(&a->own.source, &b->own.source) &&
		 ip_equal(&a->own.destination, &b->own.destination)));
}

/* A bridge that does not know where to spreads a packet among those whom it does
 * not concern: what it should have done was decided where it came in */
bool cause_spread(struct inquest *q, const struct sighting *last)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (!is_same_packet(s, last))
			continue;
		if (!s->out && has_master(s))
			return cause_rule_at(q, s) || cause_port(q, s);
		if (s->out && is_bridge(s))
			return cause_link(q, s);
	}
	return false;
}

static bool follow(struct inquest *q, enum sighting_kind kind)
{
	const struct sighting *last = sightings_last(q->seen, kind);
	const struct burden unsent = {
		.ends.destination = q->probe->seen->address,
		.ends.destination_port = q->probe->said.port,
	};
	struct sighting led;
	bool back = kind == SEEN_REPLY;

	if (!last)
		return cause_never_left(q, q->probe->from, &unsent, false);
	if (last->out)
		return cause_rule(q, last->node, &last->ends) ||
		       cause_link(q, last);
	if (last->carried && is_local(last->node, &last->ends.destination))
		return cause_carried(q, last);
	led = *last;
	drops_led_to(q->drops, last->node, &led.ends);
	if (!last->for_other && is_local(last->node, &led.ends.destination))
		return delivered(q, &led, kind);
	if (cause_rule_at(q, last)) {
		next_interface(q, &led);
		return true;
	}
	if (cause_port(q, last))
		return true;
	if (last->for_other && !has_master(last))
		return cause_spread(q, last);
	return (!has_master(last) &&
		(cause_gone(q, &led) || cause_stale(q, last) ||
		 cause_forwarding(q, &led, back))) ||
	       cause_filter_in(q, last);
}

static bool comes_round(const struct sightings *seen, const struct lc_node *node)
{
	for (size_t i = 0; i < seen->count; i++)
		if (seen->items[i].node == node && !seen->items[i].out &&
		    seen->items[i].kind == SEEN_REQUEST &&
		    seen->items[i].rounds)
			return true;
	return false;
}

/* Those that it came back to, over and over: "r1 and r2" */
static bool write_circle(const struct sightings *seen, char *text, size_t size)
{
	const struct lc_node *told[CIRCLE_MAX];
	size_t count = 0, length = 0;

	for (size_t i = 0; i < seen->count && count < CIRCLE_MAX; i++) {
		const struct sighting *s = &seen->items[i];
		bool again = false;

		for (size_t k = 0; k < count; k++)
			again |= told[k] == s->node;
		if (s->kind == SEEN_REQUEST && !again &&
		    comes_round(seen, s->node))
			told[count++] = s->node;
	}
	for (size_t i = 0; i < count && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%s",
					   !i ? "" :
					   i + 1 < count ? ", " : " and ",
					   lc_node_name(told[i]));
	return count > 1;
}

bool cause_used_up(struct inquest *q, const struct lc_node *node)
{
	char circle[128];

	if (write_circle(q->seen, circle, sizeof(circle)))
		return cause_is(q, "%s send it round to each other until its time to live is used up: a loop of routes",
				circle);
	return cause_is(q, "its time to live was used up at %s",
			lc_node_name(node));
}

struct burden burden_of(const struct sighting *s)
{
	return (struct burden){ s->ends, s->ifindex, s->size, s->df };
}

/* Said by another than who was asked, who has the address as well */
static bool cause_twin(struct inquest *q, struct lc_node *who,
		       const struct lc_ip *ip)
{
	struct lc_node *target = q->probe->target;
	char text[IP_TEXT_SIZE];

	if (!target || who->plan->owner == target->plan->owner ||
	    ip_is_loopback(ip) || !is_local(who, ip) || !is_local(target, ip))
		return false;
	return cause_is(q, "%s answered in the place of %s: it has %s as well",
			lc_node_name(who), lc_node_name(target),
			ip_format(ip, text));
}

/* Where a request came in at a node itself, not at a port alone */
static const struct sighting *routed_at(const struct inquest *q,
					const struct lc_node *node)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_REQUEST && s->node == node && !s->out &&
		    !s->carried && !has_master(s))
			return s;
	}
	return NULL;
}

/* Somebody said what is wrong, in an ICMP error */
static bool cause_error(struct inquest *q, const struct sighting *e)
{
	const struct probe *p = q->probe;
	struct lc_node *node = e->node;
	struct burden burden;
	struct sighting led;
	char text[IP_TEXT_SIZE];
	const struct sighting *met = sightings_at(q->seen, SEEN_REQUEST, node,
						  0, 0);

	if (met && cause_rule(q, node, &met->ends))
		return true;
	if (p->seen->outcome == LC_PORT_UNREACHABLE)
		return met && (cause_twin(q, node, &met->ends.destination) ||
			       cause_nobody_listens(q, node, &met->ends));
	if (p->seen->outcome == LC_TTL_EXCEEDED)
		return cause_used_up(q, node);
	met = routed_at(q, node);
	if (met) {
		led = *met;
		drops_led_to(q->drops, node, &led.ends);
		burden = burden_of(&led);
		return is_local(node, &led.ends.destination) ?
			       cause_way(q, node, &burden, false) :
			       cause_forwarding(q, &led, false);
	}
	return cause_is(q, "%s reported it: %s",
			ip_format(&e->ends.source, text), p->seen->detail);
}

/* An error that a node sent to another; what a kernel tells itself (a neighbour
 * that it can't send its answer to) is not about the probe */
static const struct sighting *error_of(const struct inquest *q)
{
	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_ERROR && s->node != q->probe->from &&
		    strcmp(s->interface, "lo") != 0)
			return s;
	}
	return NULL;
}

/* A reset is an answer: it says that nobody is there */
static bool cause_refused(struct inquest *q)
{
	const struct sighting *reply = sightings_first(q->seen, SEEN_REPLY);
	struct lc_ends asked;

	if (!reply)
		return false;
	asked = (struct lc_ends){
		reply->ends.destination, reply->ends.source,
		reply->ends.destination_port, reply->ends.source_port,
	};
	return cause_rule(q, reply->node, &asked) ||
	       cause_twin(q, reply->node, &asked.destination) ||
	       cause_nobody_listens(q, reply->node, &asked);
}

/* By the second packet its sender has learnt what passes */
static bool cause_learnt(struct inquest *q)
{
	struct lc_node *router = node_holding(q->lab, &q->first->answered_by);
	char text[IP_TEXT_SIZE];

	if (!q->first->mtu || sightings_first(q->seen, SEEN_REQUEST))
		return false;
	return cause_is(q, "it may not be fragmented, and %s passes %u bytes",
			router ? lc_node_name(router) :
				 ip_format(&q->first->answered_by, text),
			q->first->mtu);
}

/* It was answered, and not by the one who was asked */
static bool cause_impostor(struct inquest *q)
{
	const struct probe *p = q->probe;
	const struct sighting *reply = sightings_first(q->seen, SEEN_REPLY);
	char ip[IP_TEXT_SIZE];

	if (!p->target || p->seen->at_target || !reply || !reply->out ||
	    reply->node == p->target)
		return false;
	ip_format(&p->seen->address, ip);
	if (is_local(reply->node, &p->seen->address))
		return cause_is(q, "%s answered in the place of %s: it has %s%s",
				lc_node_name(reply->node),
				lc_node_name(p->target), ip,
				is_local(p->target, &p->seen->address) ?
					" as well" : "");
	return cause_is(q, "%s answered in the place of %s: what was for %s came to it",
			lc_node_name(reply->node), lc_node_name(p->target), ip);
}

bool cause_follow(struct inquest *q)
{
	return follow(q, SEEN_REQUEST);
}

bool cause_find(struct inquest *q)
{
	const struct probe *p = q->probe;
	const struct sighting *error;
	bool known;

	if (p->seen->outcome != LC_OUTCOME_ERROR && cause_names(q, &known))
		return known;
	if (p->seen->outcome == LC_REPLY)
		return cause_impostor(q);
	if (p->seen->outcome == LC_OUTCOME_ERROR)
		return false;
	if (p->seen->outcome == LC_REFUSED)
		return cause_refused(q);
	if (p->seen->outcome == LC_TOO_BIG && cause_learnt(q))
		return true;
	error = error_of(q);
	/* About the answer, it went to who gave that */
	if (error && !sightings_first(q->seen, SEEN_REPLY))
		return cause_error(q, error) ||
		       cause_no_source(q, p->from, p->seen->address.family);
	return follow(q, SEEN_REQUEST) ||
	       cause_no_source(q, p->from, p->seen->address.family) ||
	       cause_redirected(q);
}
