// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_route.c - nodes that had a packet to pass on, or to send, and could not
 *
 * The kernel is asked as it was when the packet came by: what route it would
 * take, whether the interface there is up, how large a packet may be, whether the
 * next hop has answered.
 */
#include <errno.h>
#include <net/if.h>
#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/policies.h"
#include "lab/route_query.h"
#include "postmortem/cause.h"
#include "postmortem/queues.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "scenario/address.h"

/* An interface that the plan has up, and that is not: its routes are gone */
static bool interface_down(struct lc_node *node, char text[64])
{
	const struct plan_node *plan = node->plan->owner;
	struct lc_link link;

	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i];

		if (!f->up || !node_link(node, f->ifindex, &link) ||
		    link.flags & IFF_UP)
			continue;
		snprintf(text, 64, ": %s:%s is down", lc_node_name(node),
			 link.name);
		return true;
	}
	return false;
}

/* An address without a subnet, beside which the target lies */
static bool address_alone(struct lc_node *node, const struct lc_ip *to,
			  char text[64])
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	unsigned int bits = ip_bits(to->family);
	char ip[IP_TEXT_SIZE];
	size_t count = 0;

	if (lc_node_addresses(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (list[i].ip.family != to->family ||
		    list[i].length != bits || ip_is_loopback(&list[i].ip) ||
		    !prefix_contains(to, (uint8_t)(bits / 2), &list[i].ip))
			continue;
		snprintf(text, 64, ": its address %s is a /%u, without a subnet",
			 ip_format(&list[i].ip, ip), bits);
		return true;
	}
	return false;
}

/* The words for what a look-up of a route ends in */
static bool cause_lookup(struct inquest *q, struct lc_node *node, int r,
			 const struct burden *b, bool back)
{
	const struct lc_ip *ip = &b->ends.destination;
	const char *name = lc_node_name(node);
	char to[IP_TEXT_SIZE], because[64] = "";

	ip_format(ip, to);
	switch (r) {
	case -ENETUNREACH:
		if (!interface_down(node, because))
			address_alone(node, ip, because);
		return cause_is(q, "%s has no route %sto %s%s", name,
				back ? "back " : "", to, because);
	case -EHOSTUNREACH:
		return cause_is(q, "a route of %s says that %s is unreachable",
				name, to);
	case -EACCES:
		return cause_is(q, "a route of %s prohibits %s", name, to);
	case -EINVAL:
		return cause_is(q, "a route of %s throws away what is for %s (blackhole)",
				name, to);
	}
	return false;
}

/* A node and the interface at the other end of one of its cables */
static const struct plan_interface *other_end(struct lc_node *node,
					      uint32_t ifindex,
					      struct lc_node **ret_node)
{
	const struct plan_interface *i =
		plan_interface_by_index(node->plan, ifindex);

	if (!i || i->kind != KIND_VETH || i->peer_node == NO_NODE)
		return NULL;
	*ret_node = &node->lab->nodes[i->peer_node];
	return &(*ret_node)->plan->interfaces[i->peer_interface];
}

bool cause_interface(struct inquest *q, struct lc_node *node,
		     const struct lc_link *link)
{
	const char *name = lc_node_name(node);
	const struct plan_interface *end;
	struct lc_node *other;

	if (!(link->flags & IFF_UP))
		return cause_is(q, "%s:%s is down", name, link->name);
	if (link->flags & IFF_LOWER_UP)
		return false;
	end = other_end(node, link->ifindex, &other);
	return cause_is(q, "%s:%s has no carrier%s%s%s%s", name, link->name,
			end ? ": its other end, " : "",
			end ? lc_node_name(other) : "", end ? ":" : "",
			end ? end->name : "");
}

static bool cause_size(struct inquest *q, struct lc_node *node,
		       const struct lc_link *link, uint32_t size, bool df)
{
	if (!df || !link->mtu || size <= link->mtu)
		return false;
	return cause_is(q, "its %u bytes may not be fragmented, and %s:%s passes %u",
			size, lc_node_name(node), link->name, link->mtu);
}

/* It asked, and heard nothing.  (The kernel forgets failed entries when its
 * table gets crowded, and that is the whole machine's.) */
static bool asked_in_vain(const struct inquest *q, struct lc_node *node,
			  const struct lc_ip *hop)
{
	bool asked = false;

	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];

		if (s->node != node)
			continue;
		asked |= s->out && sighting_is_question(s, node, hop);
		if (!s->out && sighting_is_answer(s, node, hop))
			return false;
	}
	return asked;
}

/* The neighbour entry of a hop; 0: there is none */
static uint16_t neighbour_state(struct lc_node *node, const struct lc_ip *hop)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0;

	if (lc_node_neighbours(node, &list, &count, NULL))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (ip_equal(&list[i].ip, hop))
			return list[i].state;
	return 0;
}

/* What the kernel says of the packet, rules that choose a table and all */
static int route_of(const struct inquest *q, struct lc_node *node,
		    const struct burden *b, struct lc_route *ret)
{
	static const uint8_t protocols[LC_PROTOCOLS] = {
		[LC_TCP] = IPPROTO_TCP, [LC_UDP] = IPPROTO_UDP,
		[LC_DNS] = IPPROTO_UDP,
	};
	const uint8_t protocol = protocols[q->probe->said.protocol];
	const struct route_query query = {
		.to = b->ends.destination, .source = b->ends.source,
		.came_in_at = b->came_in_at, .protocol = protocol,
		.source_port = protocol ? b->ends.source_port : 0,
		.destination_port = protocol ? b->ends.destination_port : 0,
	};

	return node_route(node, &query, ret, NULL);
}

/* What rules (ip rule) make of it, if those look at no more than can be seen */
static bool cause_policy(struct inquest *q, struct lc_node *node, int r,
			 const struct burden *b, bool back)
{
	const char *name = lc_node_name(node);
	char to[IP_TEXT_SIZE];

	ip_format(&b->ends.destination, to);
	switch (r) {
	case -ENETUNREACH:
		return cause_is(q, "a rule of %s says that there is no route %sto %s, or the tables that its rules choose have none (ip rule)",
				name, back ? "back " : "", to);
	case -EHOSTUNREACH:
		return cause_is(q, "a rule or a route of %s says that %s is unreachable",
				name, to);
	case -EACCES:
		return cause_is(q, "a rule or a route of %s prohibits %s", name,
				to);
	case -EINVAL:
		return cause_is(q, "a rule or a route of %s throws away what is for %s (blackhole)",
				name, to);
	}
	return false;
}

/* A source that the kernel does not believe in ends in the words for a blackhole */
static bool is_believed(struct lc_node *node, const struct burden *b)
{
	struct sighting in = { .node = node, .ifindex = b->came_in_at };
	struct lc_link link;

	if (!b->came_in_at || b->ends.source.family != AF_INET)
		return true;
	if (!node_link(node, b->came_in_at, &link))
		return false;
	memcpy(in.interface, link.name, sizeof(in.interface));
	return reverse_path_filter(&in) == 0 &&
	       !node_has_address(node, &b->ends.source);
}

/* It was to leave there, was not seen to, and a queue or a filter has taken
 * something: where both have, either may have been it */
static bool cause_taken(struct inquest *q, struct lc_node *node,
			const struct lc_link *link, uint16_t protocol)
{
	const char *kind = queues_lost(q->queues, node, link->ifindex);
	const char *name = lc_node_name(node);
	char filter[sizeof(q->cause.text)];

	if (!cause_filter_out(q, node, link->ifindex, protocol))
		return kind && cause_is(q, "the queue of %s:%s (%s) threw it away",
					name, link->name, kind);
	if (!kind)
		return true;
	memcpy(filter, q->cause.text, sizeof(filter));
	return cause_is(q, "the queue of %s:%s (%s) threw it away, or %s", name,
			link->name, kind, filter);
}

bool cause_way(struct inquest *q, struct lc_node *node,
	       const struct burden *b, bool back)
{
	const struct lc_ip *hop = &b->ends.destination;
	const enum policies policies = node_policies(node, hop->family);
	struct lc_route route;
	struct lc_link link;
	char text[IP_TEXT_SIZE];
	bool in_vain;
	int r;

	if (policies == POLICIES_HIDDEN)
		return false;
	r = policies == POLICIES_OWN ?
		    lc_node_lookup(node, hop, NULL, &route, NULL) :
		    route_of(q, node, b, &route);
	if (r && policies == POLICIES_SEEN)
		return (r != -EINVAL || is_believed(node, b)) &&
		       cause_policy(q, node, r, b, back);
	if (r)
		return cause_lookup(q, node, r, b, back);
	if (route.type == RTN_BROADCAST)
		return cause_is(q, "%s is the broadcast address of a subnet of %s",
				ip_format(hop, text), lc_node_name(node));
	if (!node_link(node, route.ifindex, &link))
		return false;
	cause_missing(q, node, link.name);
	if (cause_interface(q, node, &link) ||
	    cause_size(q, node, &link, b->size, b->df))
		return true;
	if (route.via.family)
		hop = &route.via;
	in_vain = asked_in_vain(q, node, hop);
	if (!in_vain && cause_taken(q, node, &link, protocol_of_ends(&b->ends)))
		return true;
	if (in_vain ||
	    neighbour_state(node, hop) & (NUD_FAILED | NUD_INCOMPLETE))
		return cause_neighbour(q, node, route.ifindex, hop);
	q->cause.missing[0] = '\0';
	return false;
}

bool cause_never_left(struct inquest *q, struct lc_node *node,
		      const struct burden *burden, bool back)
{
	struct burden b = *burden;

	if (cause_rule(q, node, &b.ends))
		return true;
	if (q->probe->said.protocol == LC_ICMP) {
		b.size = q->probe->said.size;
		if (!q->probe->said.whole)
			b.size += b.ends.destination.family == AF_INET ? 28 :
									 48;
		b.df = q->probe->said.df;
	}
	return cause_way(q, node, &b, back);
}
