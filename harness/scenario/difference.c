// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * difference.c - what one state of a lab has, and another has not
 *
 * Nodes are the same under one number, interfaces under one ifindex; whatever
 * else a node has is the same if nothing can tell it apart.
 */
#include <string.h>

#include "address.h"
#include "difference.h"

/* Either may be none */
static bool same_ip(const struct lc_ip *a, const struct lc_ip *b)
{
	return a->family == b->family && (!a->family || ip_equal(a, b));
}

static bool same_route(const struct plan_route *a, const struct plan_route *b)
{
	return a->family == b->family && a->is_default == b->is_default &&
	       same_ip(&a->to, &b->to) && a->length == b->length &&
	       same_ip(&a->via, &b->via) && same_ip(&a->source, &b->source) &&
	       a->ifindex == b->ifindex && a->metric == b->metric &&
	       a->table == b->table && a->type == b->type &&
	       a->onlink == b->onlink;
}

bool interface_has_address(const struct plan_interface *interface,
			   const struct plan_address *address)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (same_ip(&interface->addresses[i].ip, &address->ip) &&
		    interface->addresses[i].length == address->length)
			return true;
	return false;
}

bool node_has_neighbor(const struct plan_node *node,
		       const struct plan_neighbor *neighbor)
{
	for (size_t i = 0; i < node->neighbor_count; i++) {
		const struct plan_neighbor *n = &node->neighbors[i];

		if (n->ifindex == neighbor->ifindex &&
		    same_ip(&n->ip, &neighbor->ip) &&
		    !memcmp(n->mac, neighbor->mac, sizeof(n->mac)))
			return true;
	}
	return false;
}

bool node_has_fdb(const struct plan_node *node, const struct plan_fdb *fdb)
{
	for (size_t i = 0; i < node->fdb_count; i++) {
		const struct plan_fdb *f = &node->fdb[i];

		if (f->ifindex == fdb->ifindex && same_ip(&f->dst, &fdb->dst) &&
		    !memcmp(f->mac, fdb->mac, sizeof(f->mac)))
			return true;
	}
	return false;
}

bool node_has_route(const struct plan_node *node,
		    const struct plan_route *route)
{
	for (size_t i = 0; i < node->route_count; i++)
		if (same_route(&node->routes[i], route))
			return true;
	return false;
}

bool node_has_rules(const struct plan_node *node, const char *nftables)
{
	for (size_t i = 0; i < node->nftables_count; i++)
		if (!strcmp(node->nftables[i], nftables))
			return true;
	return false;
}

bool plan_lives_in(const struct plan *plan, uint32_t owner)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (!plan->nodes[i].absent &&
		    plan->nodes[i].owner->number == owner)
			return true;
	return false;
}

bool plan_node_leaves(const struct plan *plan, const struct plan_node *node)
{
	return node->kind == NODE_OWN && plan_lives_in(plan, node->number) &&
	       !plan_lives_in(plan->next, node->number);
}

/* Whether somebody outside would see that it is still there */
static bool reaches_out(const struct plan_node *node,
			const struct plan_interface *i)
{
	return (i->kind == KIND_VETH && i->peer_node != node->number) ||
	       i->lower_node != NO_NODE || i->underlay != NO_NODE;
}

bool plan_interface_leaves(const struct plan *plan,
			   const struct plan_node *node,
			   const struct plan_interface *interface)
{
	const struct plan_node *after = &plan->next->nodes[node->number];

	if (interface->kind == KIND_LOOPBACK ||
	    (interface->kind == KIND_VETH && !interface->first_end) ||
	    plan_interface_by_index(after, interface->ifindex))
		return false;
	return !plan_node_leaves(plan, node) || reaches_out(node, interface);
}

const struct plan_node *plan_node_before(const struct plan *plan,
					 const struct plan_node *node)
{
	const struct plan_node *old;

	if (!plan->before)
		return NULL;
	old = &plan->before->nodes[node->number];
	return old->absent && !plan_lives_in(plan->before, node->number)
		       ? NULL
		       : old;
}

bool plan_node_comes(const struct plan *plan, const struct plan_node *node)
{
	return !node->absent && !plan_node_before(plan, node);
}

bool plan_interface_comes(const struct plan *plan,
			  const struct plan_node *node,
			  const struct plan_interface *interface)
{
	const struct plan_node *old = plan_node_before(plan, node);

	return !old || !plan_interface_by_index(old, interface->ifindex);
}
