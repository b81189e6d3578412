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
#include "difference.h"
#include "mutant.h"

/* Into the copy's arena, with room for not one more */
#define COPY(arena, array, count)					\
	((array) = copy_bytes(arena, array, (count) * sizeof(*(array))))

#define REMOVE(array, count, index)					\
	memmove(&(array)[index], &(array)[(index) + 1],			\
		(--(count) - (index)) * sizeof(*(array)))

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
	COPY(arena, n->rules, n->rule_count);
	COPY(arena, n->nftables, n->nftables_count);
	COPY(arena, n->nftables_at, n->nftables_count);
	COPY(arena, n->services, n->service_count);
}

static void state_copy(struct arena *arena, struct plan *copy,
		       const struct plan *plan)
{
	*copy = *plan;
	copy->arena = arena;
	copy->next = NULL;
	copy->mutant = true;
	COPY(arena, copy->nodes, copy->node_count);
	COPY(arena, copy->published, copy->published_count);
	for (size_t n = 0; n < copy->node_count; n++) {
		struct plan_node *node = &copy->nodes[n];

		if (node->owner)
			node->owner = &copy->nodes[node->owner->number];
		node_copy(arena, node);
	}
}

static struct plan_interface *interface_of(struct plan_node *node,
					   uint32_t ifindex)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].ifindex == ifindex)
			return &node->interfaces[i];
	return NULL;
}

static bool has_ip(const struct plan_node *node, const struct lc_ip *ip)
{
	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			if (ip_equal(&node->interfaces[i].addresses[k].ip, ip))
				return true;
	return false;
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
	if (route->source.family && !has_ip(node, &route->source))
		return false;
	if (!route->via.family || route->onlink)
		return true;
	return is_near(node, &route->via);
}

/* Until none is left that stood on another */
static void routes_prune(struct plan_node *node)
{
	for (size_t i = 0; i < node->route_count;) {
		if (is_possible(node, &node->routes[i])) {
			i++;
			continue;
		}
		REMOVE(node->routes, node->route_count, i);
		i = 0;
	}
}

static void interface_down(struct plan *plan, struct plan_node *node,
			   uint32_t ifindex)
{
	struct plan_interface *interface = interface_of(node, ifindex);

	if (!interface || !interface->up)
		return;
	interface->up = false;
	routes_prune(node);
	for (size_t i = node->neighbor_count; i-- > 0;)
		if (node->neighbors[i].ifindex == ifindex)
			REMOVE(node->neighbors, node->neighbor_count, i);
	for (size_t n = 0; n < plan->node_count; n++) {
		struct plan_node *other = &plan->nodes[n];

		for (size_t i = 0; i < other->interface_count; i++) {
			const struct plan_interface *upper =
				&other->interfaces[i];
			uint32_t below = upper->lower_node;

			if (upper->lower == ifindex &&
			    (upper->kind == KIND_VLAN ||
			     upper->kind == KIND_MACVLAN) &&
			    (below == NO_NODE ? other->number : below) ==
				    node->number)
				interface_down(plan, other, upper->ifindex);
		}
	}
}

static void address_remove(struct plan *plan, struct plan_node *node,
			   struct plan_interface *interface,
			   const struct plan_address *what)
{
	for (size_t i = interface->address_count; i-- > 0;) {
		const struct plan_interface one = {
			.addresses = &interface->addresses[i],
			.address_count = 1,
		};

		if (interface_has_address(&one, what))
			REMOVE(interface->addresses, interface->address_count,
			       i);
	}
	routes_prune(node);
	if (!has_ip(node, &what->ip))
		mutant_unpublish(plan, node->number, &what->ip);
}

/* What is said of a cable is said of both its ends */
static void cable_change(struct plan *plan, struct plan_interface *end,
			 enum mutant_kind kind)
{
	struct plan_interface *ends[] = { end, NULL };

	if (end->kind == KIND_VETH)
		ends[1] = &plan->nodes[end->peer_node]
				   .interfaces[end->peer_interface];
	if (ends[1] && kind == MUTANT_MTU && ends[1]->mtu != end->mtu)
		ends[1] = NULL;
	for (int i = 0; i < 2 && ends[i]; i++) {
		if (kind == MUTANT_MTU) {
			ends[i]->mtu = 0;
			continue;
		}
		ends[i]->delay_ns = ends[i]->jitter_ns = 0;
		ends[i]->loss = ends[i]->rate = 0;
	}
}

static void interface_change(struct plan *plan, struct plan_node *node,
			     const struct mutant *m)
{
	struct plan_interface *i = interface_of(node, m->ifindex);

	if (!i)
		return;
	if (m->kind == MUTANT_DOWN) {
		interface_down(plan, node, m->ifindex);
	} else if (m->kind == MUTANT_PORT) {
		i->master = i->openvswitch = 0;
		i->isolated = i->hairpin = false;
	} else if (m->kind == MUTANT_ISOLATED) {
		i->isolated = false;
	} else if (m->kind == MUTANT_ADDRESS) {
		address_remove(plan, node, i, m->what);
	} else {
		cable_change(plan, i, m->kind);
	}
}

static void entries_remove(struct plan_node *node, const struct mutant *m)
{
	struct plan_node one = { .route_count = 1 };

	for (size_t i = node->route_count; m->kind == MUTANT_ROUTE && i-- > 0;) {
		one.routes = &node->routes[i];
		if (node_has_route(&one, m->what))
			REMOVE(node->routes, node->route_count, i);
	}
	one.neighbor_count = 1;
	for (size_t i = node->neighbor_count;
	     m->kind == MUTANT_NEIGHBOR && i-- > 0;) {
		one.neighbors = &node->neighbors[i];
		if (node_has_neighbor(&one, m->what))
			REMOVE(node->neighbors, node->neighbor_count, i);
	}
	one.fdb_count = 1;
	for (size_t i = node->fdb_count; m->kind == MUTANT_FDB && i-- > 0;) {
		one.fdb = &node->fdb[i];
		if (node_has_fdb(&one, m->what))
			REMOVE(node->fdb, node->fdb_count, i);
	}
	routes_prune(node);
}

static void service_remove(struct plan_node *node, const struct mutant *m)
{
	const struct plan_service *what = m->what;

	for (size_t i = node->service_count; i-- > 0;)
		if (node->services[i].at.line == what->at.line &&
		    !strcmp(node->services[i].command, what->command))
			REMOVE(node->services, node->service_count, i);
}

static void rules_change(struct plan_node *node, const struct mutant *m)
{
	for (size_t i = 0; i < node->nftables_count; i++)
		if (!strcmp(node->nftables[i], m->what))
			node->nftables[i] = m->text;
}

static bool is_setting_of(const struct plan_sysctl *s, const struct mutant *m)
{
	const struct plan_sysctl *what = m->what;

	if (!s->at.line)
		return false;
	return !strcmp(s->key, what->key) ||
	       (m->kind == MUTANT_FORWARD &&
		!strcmp(s->key, "net/ipv6/conf/all/forwarding") &&
		s->at.line == what->at.line &&
		s->at.column == what->at.column);
}

/* One that has an opposite gets it, however often the list has the key */
static void sysctls_change(struct plan_node *node, const struct mutant *m)
{
	for (size_t i = node->sysctl_count; i-- > 0;) {
		if (!is_setting_of(&node->sysctls[i], m))
			continue;
		if (m->text)
			node->sysctls[i].value = m->text;
		else
			REMOVE(node->sysctls, node->sysctl_count, i);
	}
}

static void apply(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	switch (m->kind) {
	case MUTANT_DOWN:
	case MUTANT_PORT:
	case MUTANT_ISOLATED:
	case MUTANT_NETEM:
	case MUTANT_MTU:
	case MUTANT_ADDRESS:
		interface_change(plan, node, m);
		break;
	case MUTANT_ROUTE:
	case MUTANT_NEIGHBOR:
	case MUTANT_FDB:
		entries_remove(node, m);
		break;
	case MUTANT_RULE:
		rules_change(node, m);
		break;
	case MUTANT_SERVICE:
		service_remove(node, m);
		break;
	case MUTANT_FORWARD:
	case MUTANT_SYSCTL:
		sysctls_change(node, m);
		break;
	case MUTANT_MASQUERADE:
	case MUTANT_ISOLATION:
	case MUTANT_ICC:
	case MUTANT_PUBLISHED:
	case MUTANT_PEER:
		mutant_network_apply(plan, m);
		break;
	}
}

void mutant_plan(struct plan *ret_copy, const struct plan *plan,
		 const struct mutant *mutant)
{
	struct arena *arena = arena_new();
	const struct plan *before = NULL;
	struct plan *copy = ret_copy;

	for (;;) {
		state_copy(arena, copy, plan);
		copy->before = before;
		apply(copy, mutant);
		if (!plan->next)
			return;
		plan = plan->next;
		before = copy;
		copy->next = arena_alloc(arena, sizeof(*copy));
		copy = copy->next;
	}
}
