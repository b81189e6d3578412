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
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/listeners.h"
#include "postmortem/cause.h"
#include "probe/batch.h"
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

/* Unless somebody does: then what refused it (another's firewall) is not known */
static bool nobody_listens(struct inquest *q, struct lc_node *node,
			   const struct lc_ip *to, uint16_t port)
{
	const bool tcp = q->probe->said.protocol == LC_TCP;
	const int protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
	lc_auto(lc_close) int fd = -1;
	bool there = true, elsewhere = true;
	char ip[IP_TEXT_SIZE];

	if (!is_local(node, to) || q->probe->said.protocol == LC_ICMP)
		return false;
	fd = node_socket(node, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG, NULL);
	if (fd < 0 ||
	    listeners_has(fd, protocol, to, port, &there, NULL) || there ||
	    listeners_has(fd, protocol, NULL, port, &elsewhere, NULL))
		return false;
	return cause_is(q, "nobody listens on %s port %u of %s%s%s",
			tcp ? "TCP" : "UDP", port, lc_node_name(node),
			elsewhere ? " at " : "",
			elsewhere ? ip_format(to, ip) : "");
}

/* It is told not to hear echo requests */
static bool cause_deaf(struct inquest *q, struct lc_node *node, int family)
{
	const char *key = family == AF_INET ? "ipv4/icmp_echo_ignore_all" :
					      "ipv6/icmp/echo_ignore_all";

	if (setting_of(node, "%s", key) != 1)
		return false;
	return cause_is(q, "%s does not answer echo requests (net.%s is 1)",
			lc_node_name(node),
			family == AF_INET ? "ipv4.icmp_echo_ignore_all" :
					    "ipv6.icmp.echo_ignore_all");
}

/* The node where it was to be heard says nothing */
static bool cause_mute(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node;
	const struct lc_ends back = {
		.source = last->ends.destination,
		.destination = last->ends.source,
	};

	if (cause_rule(q, node, &last->ends) || cause_reverse_path(q, last) ||
	    cause_never_left(q, node, &back, true))
		return true;
	return q->probe->said.protocol == LC_ICMP &&
	       cause_deaf(q, node, last->ends.destination.family);
}

static bool follow(struct inquest *q, enum sighting_kind kind);

/* It came in where it was meant to end */
static bool delivered(struct inquest *q, const struct sighting *last,
		      enum sighting_kind kind)
{
	char from[IP_TEXT_SIZE], to[IP_TEXT_SIZE];

	if (kind == SEEN_REPLY) {
		if (cause_rule(q, last->node, &last->ends))
			return true;
		if (ip_equal(&last->ends.source, &q->probe->seen.address))
			return cause_reverse_path(q, last);
		return cause_is(q, "the answer came back from %s, and %s had asked %s",
				ip_format(&last->ends.source, from),
				lc_node_name(last->node),
				ip_format(&q->probe->seen.address, to));
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

	return link_of(s->node, s->ifindex, &link) && link.master;
}

/* A bridge that does not know where to spreads a packet among those whom it does
 * not concern: what it should have done was decided where it came in */
static bool cause_spread(struct inquest *q, enum sighting_kind kind)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == kind && !s->out && has_master(s))
			return cause_rule(q, s->node, &s->ends) ||
			       cause_port(q, s);
	}
	return false;
}

static bool follow(struct inquest *q, enum sighting_kind kind)
{
	const struct sighting *last = sightings_last(q->seen, kind);
	const struct lc_ends unsent = {
		.destination = q->probe->seen.address,
	};
	bool back = kind == SEEN_REPLY;

	if (!last)
		return cause_never_left(q, q->probe->from, &unsent, false);
	if (last->out)
		return cause_rule(q, last->node, &last->ends) ||
		       cause_link(q, last);
	if (!last->for_other && is_local(last->node, &last->ends.destination))
		return delivered(q, last, kind);
	if (cause_rule(q, last->node, &last->ends)) {
		next_interface(q, last);
		return true;
	}
	if (cause_port(q, last))
		return true;
	if (last->for_other && !has_master(last))
		return cause_spread(q, kind);
	return !has_master(last) && cause_forwarding(q, last, back);
}

/* Somebody said what is wrong, in an ICMP error */
static bool cause_error(struct inquest *q, const struct sighting *e)
{
	const struct probe *p = q->probe;
	struct lc_node *node = e->node;
	char text[IP_TEXT_SIZE];
	const struct sighting *met = sightings_at(q->seen, SEEN_REQUEST, node,
						  0, 0);

	if (met && cause_rule(q, node, &met->ends))
		return true;
	if (p->seen.outcome == LC_PORT_UNREACHABLE)
		return met && nobody_listens(q, node, &met->ends.destination,
					     met->ends.destination_port);
	if (p->seen.outcome == LC_TTL_EXCEEDED)
		return cause_is(q, "its time to live was used up at %s",
				lc_node_name(node));
	if (met)
		return cause_way(q, node, &met->ends.destination, met->size,
				 met->df, false);
	return cause_is(q, "%s reported it: %s",
			ip_format(&e->ends.source, text), p->seen.detail);
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
	struct lc_ends asked = { 0 };

	if (reply) {
		asked.source = reply->ends.destination;
		asked.destination = reply->ends.source;
	}
	if (!reply)
		return false;
	return cause_rule(q, reply->node, &asked) ||
	       nobody_listens(q, reply->node, &reply->ends.source,
			      reply->ends.source_port);
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

	if (!p->target || p->seen.at_target || !reply || !reply->out ||
	    reply->node == p->target)
		return false;
	ip_format(&p->seen.address, ip);
	if (is_local(reply->node, &p->seen.address))
		return cause_is(q, "%s answered in the place of %s: it has %s%s",
				lc_node_name(reply->node),
				lc_node_name(p->target), ip,
				is_local(p->target, &p->seen.address) ?
					" as well" : "");
	return cause_is(q, "%s answered in the place of %s: what was for %s came to it",
			lc_node_name(reply->node), lc_node_name(p->target), ip);
}

bool cause_find(struct inquest *q)
{
	const struct probe *p = q->probe;
	const struct sighting *error;

	if (p->seen.outcome == LC_REPLY)
		return cause_impostor(q);
	if (p->seen.outcome == LC_OUTCOME_ERROR)
		return false;
	if (p->seen.outcome == LC_REFUSED)
		return cause_refused(q);
	if (p->seen.outcome == LC_TOO_BIG && cause_learnt(q))
		return true;
	error = error_of(q);
	/* About the answer, it went to who gave that */
	if (error && !sightings_first(q->seen, SEEN_REPLY))
		return cause_error(q, error);
	return follow(q, SEEN_REQUEST);
}
