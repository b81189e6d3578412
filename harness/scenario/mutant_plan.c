// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_plan.c - the plan of a lab that is broken in one way
 *
 * All states are copied, as deep as anything is changed in them.  No interface
 * is ever left out, for others are named by their position: a cable that is cut
 * is one that is down.
 *
 * The kernel refuses a route by a gateway that it can't reach, and takes those
 * away that lead over an interface that goes down.  So such routes leave the
 * plan with what they stood on; else the lab could not be built, and nothing
 * would be learnt about its steps.
 */
#include <string.h>

#include "address.h"
#include "arena.h"
#include "mutant_kinds.h"
#include "problems.h"

/* Into the copy's arena, with room for not one more */
#define COPY(arena, array, count)					\
	((array) = copy_bytes(arena, array, (count) * sizeof(*(array))))

static void *copy_bytes(struct arena *arena, const void *from, size_t size)
{
	return size ? memcpy(arena_alloc(arena, size), from, size) : NULL;
}

static void node_copy(struct arena *arena, struct plan_node *n)
{
	COPY(arena, n->interfaces, n->interface_count);
	for (size_t i = 0; i < n->interface_count; i++)
		COPY(arena, n->interfaces[i].addresses,
		     n->interfaces[i].address_count);
	COPY(arena, n->routes, n->route_count);
	COPY(arena, n->neighbors, n->neighbor_count);
	COPY(arena, n->sysctls, n->sysctl_count);
	COPY(arena, n->fdb, n->fdb_count);
	COPY(arena, n->chains, n->chain_count);
	COPY(arena, n->rules, n->rule_count);
	COPY(arena, n->nftables, n->nftables_count);
	COPY(arena, n->nftables_at, n->nftables_count);
	COPY(arena, n->services, n->service_count);
}

/* With room for one alias more */
static void endpoint_copy(struct arena *arena, struct plan_endpoint *e)
{
	const char **aliases =
		arena_alloc(arena, (e->alias_count + 1) * sizeof(*aliases));

	for (size_t i = 0; i < e->alias_count; i++)
		aliases[i] = e->aliases[i];
	e->aliases = aliases;
}

static void state_copy(struct arena *arena, struct plan *copy,
		       const struct plan *plan)
{
	*copy = *plan;
	copy->arena = arena;
	copy->next = NULL;
	COPY(arena, copy->nodes, copy->node_count);
	COPY(arena, copy->networks, copy->network_count);
	COPY(arena, copy->published, copy->published_count);
	COPY(arena, copy->endpoints, copy->endpoint_count);
	for (size_t i = 0; i < copy->endpoint_count; i++)
		endpoint_copy(arena, &copy->endpoints[i]);
	for (size_t n = 0; n < copy->node_count; n++) {
		struct plan_node *node = &copy->nodes[n];

		if (node->owner)
			node->owner = &copy->nodes[node->owner->number];
		node_copy(arena, node);
	}
}

static bool is_up(const struct plan_node *node, uint32_t ifindex)
{
	const struct plan_interface *i = plan_interface_by_index(node, ifindex);

	return !i || i->up;
}

/* Whether some subnet, or route, of the node leads right to a gateway */
static bool is_near(const struct plan_node *node, const struct lc_ip *via)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct plan_interface *interface = &node->interfaces[i];

		for (size_t k = 0; k < interface->address_count; k++)
			if (interface->up &&
			    prefix_contains(&interface->addresses[k].ip,
					    interface->addresses[k].length,
					    via))
				return true;
	}
	for (size_t i = 0; i < node->route_count; i++) {
		const struct plan_route *r = &node->routes[i];

		if (!r->via.family && r->ifindex && is_up(node, r->ifindex) &&
		    r->family == via->family &&
		    (r->is_default ||
		     prefix_contains(&r->to, r->length, via)))
			return true;
	}
	return false;
}

static bool is_possible(const struct plan_node *node,
			const struct plan_route *route)
{
	if (route->ifindex && !is_up(node, route->ifindex))
		return false;
	if (route->source.family && !node_has_ip(node, &route->source))
		return false;
	if (!route->via.family || route->onlink)
		return true;
	return is_near(node, &route->via);
}

void routes_prune(struct plan_node *node)
{
	size_t before;

	do {
		before = node->route_count;
		KEEP_IF(node->routes, node->route_count,
			is_possible(node, &node->routes[i]));
	} while (node->route_count < before);
}

static void copies_break(struct plan *copy, const struct plan *plan,
			 const struct mutant *mutant)
{
	struct arena *arena = arena_new();
	const struct plan *before = NULL;

	for (;;) {
		state_copy(arena, copy, plan);
		copy->before = before;
		mutant->apply(copy, mutant);
		if (!plan->next)
			return;
		plan = plan->next;
		before = copy;
		copy->next = arena_alloc(arena, sizeof(*copy));
		copy = copy->next;
	}
}

/* That it can be planned was tried when the mutant was made */
static void plan_anew(struct plan *copy, const struct scenario *said)
{
	struct lc_problems problems;

	problems_init(&problems);
	plan_make(copy, said, &problems);
	problems_done(&problems);
}

void mutant_plan(struct plan *ret_copy, const struct plan *plan,
		 const struct mutant *mutant)
{
	struct plan *copy = ret_copy;

	if (mutant->said)
		plan_anew(copy, mutant->said);
	else
		copies_break(copy, plan, mutant);
	for (; copy && plan; copy = copy->next, plan = plan->next)
		copy->whole = plan;
}
