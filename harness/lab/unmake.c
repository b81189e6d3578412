// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unmake.c - takes from a node what it has no more
 */
#include <errno.h>
#include <string.h>

#include "address_message.h"
#include "message.h"
#include "rtnl.h"
#include "scenario/address.h"
#include "scenario/difference.h"
#include "scenario/plan.h"
#include "unmake.h"

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

/* A bridge has learned who is behind the vxlan that is its port, and would send
 * there what is for somebody who is on this side by then: Docker makes it
 * forget, too */
static void delete_learned(struct rtnl *rtnl, const struct plan_node *before,
			   const struct plan_fdb *f)
{
	const struct plan_interface *port =
		plan_interface_by_index(before, f->ifindex);
	struct plan_fdb learned = *f;
	char text[MAC_TEXT_SIZE];
	struct rtnl_msg m;

	if (!f->dst.family || !port || !port->master)
		return;
	learned.dst.family = 0;
	rtnl_build_fdb_delete(&m, &learned);
	rtnl_add(rtnl, &m, f->at, "forget %s on %s",
		 mac_format(f->mac, text), before->name);
	rtnl_forgive(rtnl, -ENOENT);
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
		delete_learned(rtnl, before, f);
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
