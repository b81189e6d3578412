// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unmake.c - what a node has in one plan, and not in the other
 */
#include <errno.h>
#include <string.h>

#include "address_message.h"
#include "message.h"
#include "rtnl.h"
#include "scenario/address.h"
#include "scenario/plan.h"
#include "unmake.h"

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

static void delete_routes(struct rtnl *rtnl, const struct plan_node *before,
			  const struct plan_node *after)
{
	struct rtnl_msg m;

	for (size_t i = 0; i < before->route_count; i++) {
		const struct plan_route *route = &before->routes[i];

		if (node_has_route(after, route))
			continue;
		rtnl_build_route(&m, route);
		rtnl_msg_revoke(&m);
		rtnl_add(rtnl, &m, route->at, "delete a route of %s",
			 before->name);
		rtnl_forgive(rtnl, -ESRCH);
	}
}

/* lo is there without an entry, too */
static bool has_interface(const struct plan_node *node, uint32_t ifindex)
{
	return ifindex == 1 || plan_interface_by_index(node, ifindex);
}

static void delete_neighbors(struct rtnl *rtnl, const struct plan_node *before,
			     const struct plan_node *after)
{
	char text[IP_TEXT_SIZE];
	struct rtnl_msg m;

	for (size_t i = 0; i < before->neighbor_count; i++) {
		const struct plan_neighbor *n = &before->neighbors[i];

		if (node_has_neighbor(after, n) ||
		    !has_interface(after, n->ifindex))
			continue;
		rtnl_build_neighbour(&m, n);
		rtnl_msg_revoke(&m);
		rtnl_add(rtnl, &m, n->at, "delete neighbor %s of %s",
			 ip_format(&n->ip, text), before->name);
		rtnl_forgive(rtnl, -ENOENT);
	}
}

static void delete_fdb(struct rtnl *rtnl, const struct plan_node *before,
		       const struct plan_node *after)
{
	char text[MAC_TEXT_SIZE];
	struct rtnl_msg m;

	for (size_t i = 0; i < before->fdb_count; i++) {
		const struct plan_fdb *f = &before->fdb[i];

		if (node_has_fdb(after, f) || !has_interface(after, f->ifindex))
			continue;
		rtnl_build_fdb_delete(&m, f);
		rtnl_add(rtnl, &m, f->at, "delete forwarding entry %s of %s",
			 mac_format(f->mac, text), before->name);
		rtnl_forgive(rtnl, -ENOENT);
	}
}

static void delete_addresses(struct rtnl *rtnl, const struct plan_node *before,
			     const struct plan_interface *old,
			     const struct plan_interface *new)
{
	char text[PREFIX_TEXT_SIZE];
	struct rtnl_msg m;

	for (size_t i = 0; i < old->address_count; i++) {
		const struct plan_address *a = &old->addresses[i];

		if (interface_has_address(new, a))
			continue;
		rtnl_build_address(&m, old->ifindex, &a->ip, a->length);
		rtnl_msg_revoke(&m);
		rtnl_add(rtnl, &m, a->at, "delete address %s of %s:%s",
			 prefix_format(&a->ip, a->length, text), before->name,
			 old->name);
		rtnl_forgive(rtnl, -EADDRNOTAVAIL);
	}
}

void node_unmake(struct rtnl *rtnl, const struct plan_node *before,
		 const struct plan_node *after)
{
	delete_routes(rtnl, before, after);
	delete_neighbors(rtnl, before, after);
	delete_fdb(rtnl, before, after);
	for (size_t i = 0; i < before->interface_count; i++) {
		const struct plan_interface *old = &before->interfaces[i];
		const struct plan_interface *new =
			plan_interface_by_index(after, old->ifindex);

		if (new)
			delete_addresses(rtnl, before, old, new);
	}
}
