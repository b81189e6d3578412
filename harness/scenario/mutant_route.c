// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_route.c - routes that are missing, or lead elsewhere
 *
 * A destination that is too narrow is as good as left out for whom it leaves
 * out, so only one that is too wide is tried, if it takes in somebody whom the
 * node has another way to, or none.  A route over another interface would
 * be refused if that one does not lead to its gateway, so it is for routes
 * without one.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "difference.h"
#include "mutant_kinds.h"

enum { TABLE_MAIN = 254, SHORTEST_4 = 8, SHORTEST_6 = 16, TEXT_SIZE = 160 };

static bool is_it(const struct plan_route *route, const struct mutant *m)
{
	struct plan_route one = *route;
	const struct plan_node node = { .routes = &one, .route_count = 1 };

	return node_has_route(&node, m->what);
}

static void apply_lacks(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	KEEP_IF(node->routes, node->route_count, !is_it(&node->routes[i], m));
	routes_prune(node);
}

/* Through what is to be changed, one after the other; NULL: no more */
static struct plan_route *next_route(struct plan *plan, const struct mutant *m,
				     size_t *i)
{
	struct plan_node *node = &plan->nodes[m->node];

	while (*i < node->route_count) {
		struct plan_route *r = &node->routes[(*i)++];

		if (is_it(r, m))
			return r;
	}
	return NULL;
}

static void apply_via(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i)))
		r->via = m->ip;
}

static void apply_wider(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i))) {
		r->length = (uint8_t)m->number;
		r->to = ip_network(&r->to, r->length);
	}
}

static void apply_interface(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i)))
		r->ifindex = m->number;
	routes_prune(&plan->nodes[m->node]);
}

static void apply_metric(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i)))
		r->metric = m->number;
}

static void apply_no_source(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i)))
		r->source.family = 0;
}

static void apply_type(struct plan *plan, const struct mutant *m)
{
	struct plan_route *r;
	size_t i = 0;

	while ((r = next_route(plan, m, &i)))
		r->type = (int)m->number;
}

static const char *const type_words[] = {
	[ROUTE_UNICAST] = "unicast",
	[ROUTE_BLACKHOLE] = "blackhole",
	[ROUTE_UNREACHABLE] = "unreachable",
	[ROUTE_PROHIBIT] = "prohibit",
};

/* "IPv6 route to default via fe80::1 in table 7" */
static const char *route_words(const struct plan_route *r, char *text)
{
	const bool via = r->via.family, own = r->table && r->table != TABLE_MAIN;
	char to[PREFIX_TEXT_SIZE], gateway[IP_TEXT_SIZE], table[32] = "";

	if (own)
		snprintf(table, sizeof(table), " in table %u", r->table);
	snprintf(text, TEXT_SIZE, "%sroute to %s%s%s%s",
		 r->family == AF_INET6 && r->is_default ? "IPv6 " : "",
		 r->is_default ? "default" : prefix_format(&r->to, r->length, to),
		 via ? " via " : "", via ? ip_format(&r->via, gateway) : "",
		 table);
	return text;
}

/**
 * struct adder - What the mutants of one route have in common
 * @words:	The route, as it is
 */
struct adder {
	struct mutants *mutants;
	const struct plan *plan;
	const struct plan_node *node;
	const struct plan_route *r;
	char words[TEXT_SIZE];
};

static struct mutant begin(const struct adder *a, mutant_apply *apply)
{
	return (struct mutant){
		.apply = apply, .at = a->r->at, .node = a->node->number,
		.what = a->r,
	};
}

/* In the subnet of the gateway, which nobody has */
static void add_via(const struct adder *a)
{
	const struct lc_ip *via = &a->r->via;
	struct mutant m = begin(a, apply_via);
	struct plan_route is = *a->r;
	char was[IP_TEXT_SIZE];
	uint8_t length = 0;

	if (!via->family)
		return;
	for (size_t i = 0; i < a->node->interface_count; i++) {
		const struct plan_interface *f = &a->node->interfaces[i];

		for (size_t k = 0; k < f->address_count; k++)
			if (prefix_contains(&f->addresses[k].ip,
					    f->addresses[k].length, via))
				length = f->addresses[k].length;
	}
	if (!ip_other(a->plan, via,
		      length ?: (uint8_t)(ip_bits(via->family) - 8), &m.ip))
		return;
	is.via = m.ip;
	mutants_add(a->mutants, m, "%s has the %s, not %s", a->node->name,
		    route_words(&is, (char[TEXT_SIZE]){ "" }),
		    ip_format(via, was));
}

/* Whether a route would do for an address what another way does not */
static bool would_take(const struct adder *a, const struct lc_ip *ip,
		       uint8_t length)
{
	struct way way;

	if (!way_find(a->node, ip, &way))
		return true;
	if (way.length >= length)
		return false;
	return way.via.family != a->r->via.family ||
	       !ip_equal(&way.via, &a->r->via) ||
	       (!way.via.family && way.ifindex != a->r->ifindex);
}

static uint8_t wider(const struct adder *a)
{
	const struct plan_route *r = a->r;
	const uint8_t least = r->family == AF_INET ? SHORTEST_4 : SHORTEST_6;
	uint8_t best = 0;

	for (size_t n = 0; n < a->plan->node_count; n++) {
		const struct plan_node *other = &a->plan->nodes[n];

		for (size_t i = 0; i < other->interface_count; i++) {
			const struct plan_interface *f = &other->interfaces[i];

			for (size_t k = 0; k < f->address_count; k++) {
				const struct lc_ip *ip = &f->addresses[k].ip;
				uint8_t length;

				if (ip->family != r->family ||
				    ip_is_loopback(ip) ||
				    node_has_ip(a->node, ip) ||
				    prefix_contains(&r->to, r->length, ip))
					continue;
				length = ip_common(&r->to, ip);
				if (length > best && length >= least &&
				    would_take(a, ip, length))
					best = length;
			}
		}
	}
	return best;
}

static void add_wider(const struct adder *a)
{
	struct mutant m = begin(a, apply_wider);
	const uint8_t length = a->r->is_default ? 0 : wider(a);

	struct plan_route is = *a->r;

	if (!length)
		return;
	m.number = is.length = length;
	is.to = ip_network(&is.to, length);
	mutants_add(a->mutants, m, "%s has the %s, not /%u", a->node->name,
		    route_words(&is, (char[TEXT_SIZE]){ "" }), a->r->length);
}

static void add_interface(const struct adder *a)
{
	struct mutant m = begin(a, apply_interface);

	if (a->r->via.family || !a->r->ifindex)
		return;
	for (size_t i = 0; i < a->node->interface_count; i++) {
		const struct plan_interface *f = &a->node->interfaces[i];

		if (f->ifindex == a->r->ifindex || !f->up || f->master ||
		    f->kind == KIND_LOOPBACK)
			continue;
		m.number = f->ifindex;
		mutants_add(a->mutants, m, "%s has the %s dev %s",
			    a->node->name, a->words, f->name);
		return;
	}
}

/* Behind those that it is before */
static void add_metric(const struct adder *a)
{
	struct mutant m = begin(a, apply_metric);
	bool is_first = false;

	for (size_t i = 0; i < a->node->route_count; i++) {
		const struct plan_route *r = &a->node->routes[i];

		if (r == a->r || r->family != a->r->family ||
		    r->is_default != a->r->is_default ||
		    r->table != a->r->table || r->length != a->r->length ||
		    (!r->is_default && !ip_equal(&r->to, &a->r->to)))
			continue;
		is_first |= r->metric > a->r->metric;
		if (r->metric >= m.number)
			m.number = r->metric + 1;
	}
	if (is_first)
		mutants_add(a->mutants, m, "%s has the %s with metric %u, not %u",
			    a->node->name, a->words, m.number,
			    a->r->metric);
}

/* With one address alone the kernel takes that */
static void add_source(const struct adder *a)
{
	size_t count = 0;

	for (size_t i = 0; i < a->node->interface_count; i++)
		for (size_t k = 0; k < a->node->interfaces[i].address_count;
		     k++)
			count += a->node->interfaces[i].addresses[k].ip.family ==
				 a->r->family;
	if (a->r->source.family && count > 1)
		mutants_add(a->mutants, begin(a, apply_no_source),
			    "%s has the %s without its source", a->node->name,
			    a->words);
}

static void add_type(const struct adder *a)
{
	struct mutant m = begin(a, apply_type);

	if (a->r->type == ROUTE_UNICAST)
		return;
	m.number = a->r->type == ROUTE_BLACKHOLE ? ROUTE_PROHIBIT :
						   ROUTE_BLACKHOLE;
	mutants_add(a->mutants, m, "%s has the %s of type %s, not %s",
		    a->node->name, a->words, type_words[m.number],
		    type_words[a->r->type]);
}

void mutants_of_routes(struct mutants *mutants, const struct plan *plan,
		       const struct plan_node *node)
{
	for (size_t k = 0; k < node->route_count; k++) {
		struct adder a = { mutants, plan, node, &node->routes[k], "" };

		route_words(a.r, a.words);
		mutants_add(mutants, begin(&a, apply_lacks), "%s lacks the %s",
			    node->name, a.words);
		add_via(&a);
		add_wider(&a);
		add_interface(&a);
		add_metric(&a);
		add_source(&a);
		add_type(&a);
	}
}
