// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_address.c - addresses that are missing, others, or of another subnet
 *
 * A prefix length decides who is taken for a neighbour, so another one matters
 * only if somebody of the lab is a neighbour by one and not by the other.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "difference.h"
#include "mutant_kinds.h"

/* Prefixes shorter than these nobody writes by mistake */
enum { SHORTEST_4 = 8, SHORTEST_6 = 16 };

static void apply_lacks(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *interface = mutant_interface(plan, m);
	struct plan_node *node = &plan->nodes[m->node];
	const struct plan_address *what = m->what;
	struct plan_interface one = { .address_count = 1 };

	if (!interface)
		return;
	KEEP_IF(interface->addresses, interface->address_count,
		(one.addresses = &interface->addresses[i],
		 !interface_has_address(&one, what)));
	routes_prune(node);
	if (!node_has_ip(node, &what->ip))
		mutant_unpublish(plan, node->number, &what->ip);
}

/* Another address, or another length */
static void apply_other(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *interface = mutant_interface(plan, m);
	struct plan_node *node = &plan->nodes[m->node];
	const struct plan_address *what = m->what;

	for (size_t i = 0; interface && i < interface->address_count; i++) {
		struct plan_address *a = &interface->addresses[i];

		if (!ip_equal(&a->ip, &what->ip) || a->length != what->length)
			continue;
		a->ip = m->ip;
		a->length = (uint8_t)m->number;
	}
	routes_prune(node);
	if (!node_has_ip(node, &what->ip))
		mutant_unpublish(plan, node->number, &what->ip);
}

/* Docker's own link-local one, which no file asks for */
static bool is_own(const struct plan_interface *i, const struct plan_address *a)
{
	return i->kind == KIND_BRIDGE && i->network != NO_NETWORK &&
	       a->ip.family == AF_INET6 && ip_is_link_local(&a->ip);
}

/* Of the lab's addresses those of other nodes, one after the other */
static const struct lc_ip *next_ip(const struct plan *plan,
				   const struct plan_node *node, size_t *n,
				   size_t *i, size_t *k)
{
	for (; *n < plan->node_count; (*n)++, *i = 0) {
		const struct plan_node *other = &plan->nodes[*n];

		if (other == node)
			continue;
		for (; *i < other->interface_count; (*i)++, *k = 0) {
			const struct plan_interface *f =
				&other->interfaces[*i];

			if (*k < f->address_count)
				return &f->addresses[(*k)++].ip;
		}
	}
	return NULL;
}

/* Whether an interface has another address of the subnet, so that it stays */
static bool has_sibling(const struct plan_interface *i,
			const struct plan_address *a)
{
	for (size_t k = 0; k < i->address_count; k++)
		if (&i->addresses[k] != a &&
		    i->addresses[k].length == a->length &&
		    prefix_contains(&a->ip, a->length, &i->addresses[k].ip))
			return true;
	return false;
}

/* Whether an address has somebody in its subnet */
static bool has_neighbour(const struct plan *plan, const struct plan_node *node,
			  const struct plan_address *a)
{
	size_t n = 0, i = 0, k = 0;
	const struct lc_ip *ip;

	for (size_t r = 0; r < node->route_count; r++)
		if (node->routes[r].via.family &&
		    prefix_contains(&a->ip, a->length, &node->routes[r].via))
			return true;
	while ((ip = next_ip(plan, node, &n, &i, &k)))
		if (prefix_contains(&a->ip, a->length, ip))
			return true;
	return false;
}

/* The next shorter length by which somebody else becomes a neighbour, whom the
 * node does not know a closer way to; 0: none */
static uint8_t wider(const struct plan *plan, const struct plan_node *node,
		     const struct plan_address *a)
{
	const uint8_t least = a->ip.family == AF_INET ? SHORTEST_4 : SHORTEST_6;
	size_t n = 0, i = 0, k = 0;
	const struct lc_ip *ip;
	uint8_t best = 0;

	while ((ip = next_ip(plan, node, &n, &i, &k))) {
		struct way way;
		uint8_t length;

		if (ip->family != a->ip.family || ip_is_loopback(ip) ||
		    prefix_contains(&a->ip, a->length, ip))
			continue;
		length = ip_common(&a->ip, ip);
		if (length > best && length >= least &&
		    !(way_find(node, ip, &way) && way.length >= length))
			best = length;
	}
	return best;
}

/* A subnet of one or two is left for its surroundings */
static bool another(const struct plan *plan, const struct plan_address *a,
		    struct lc_ip *ret_ip)
{
	const uint8_t bits = (uint8_t)ip_bits(a->ip.family);

	return ip_other(plan, &a->ip,
			a->length > bits - 2 ? bits - 8 : a->length, ret_ip);
}

static void add(struct mutants *mutants, const struct plan *plan,
		const struct plan_node *node, const struct plan_interface *i,
		const struct plan_address *a)
{
	const uint8_t alone = (uint8_t)ip_bits(a->ip.family);
	char is[PREFIX_TEXT_SIZE], was[PREFIX_TEXT_SIZE];
	const uint8_t wide = wider(plan, node, a);
	struct mutant m = {
		.apply = apply_lacks, .at = a->at, .node = node->number,
		.ifindex = i->ifindex, .what = a,
	};

	prefix_format(&a->ip, a->length, was);
	mutants_add(mutants, m, "%s:%s lacks %s", node->name, i->name, was);
	m.apply = apply_other;
	m.number = a->length;
	if (another(plan, a, &m.ip))
		mutants_add(mutants, m, "%s:%s has %s, not %s", node->name,
			    i->name, prefix_format(&m.ip, a->length, is), was);
	m.ip = a->ip;
	m.number = alone;
	if (a->length != alone && !has_sibling(i, a) &&
	    has_neighbour(plan, node, a))
		mutants_add(mutants, m, "%s:%s has %s, not /%u", node->name,
			    i->name, prefix_format(&a->ip, alone, is),
			    a->length);
	m.number = wide;
	if (wide)
		mutants_add(mutants, m, "%s:%s has %s, not /%u", node->name,
			    i->name, prefix_format(&a->ip, wide, is),
			    a->length);
}

void mutants_of_addresses(struct mutants *mutants, const struct plan *plan,
			  const struct plan_node *node,
			  const struct plan_interface *i)
{
	for (size_t k = 0; k < i->address_count; k++)
		if (!is_own(i, &i->addresses[k]))
			add(mutants, plan, node, i, &i->addresses[k]);
}
