// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * routes.c - routes and static neighbours
 *
 * Whether a gateway can be reached is not judged here: the kernel refuses what
 * it refuses, and a scenario may be about just that.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

enum {
	TABLE_MAIN = 254,
};

struct plan_route *route_add(struct expansion *e, uint32_t owner,
			     struct lc_at at)
{
	struct plan_node *node = &e->plan->nodes[owner];
	struct plan_route *route;

	node->routes = arena_grow(e->arena, node->routes, node->route_count,
				  sizeof(*route));
	route = &node->routes[node->route_count++];
	memset(route, 0, sizeof(*route));
	route->at = at;
	route->table = TABLE_MAIN;
	return route;
}

/* The ifindex that a `dev` names, or 0 */
static uint32_t dev_find(struct expansion *e, uint32_t node,
			 const struct lc_scalar *dev)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *interface;

	if (!dev->text)
		return 0;
	interface = plan_interface_find(owner, dev->text);
	if (interface)
		return interface->ifindex;
	if (!strcmp(dev->text, "lo"))
		return 1;
	node_lacks(e, node, dev->at, "%s has no interface %s", owner->name,
		   dev->text);
	return 0;
}

static int family_of(const struct route_said *said, bool is_default)
{
	if (!is_default)
		return said->to.ip.family;
	if (said->via.ip.family)
		return said->via.ip.family;
	return said->source.ip.family ? said->source.ip.family : AF_INET;
}

static void route_verify(struct expansion *e, uint32_t node,
			 const struct plan_route *route,
			 const struct route_said *said)
{
	bool way = said->via.text || said->dev.text;

	/* The other way round is allowed: RFC 8950 */
	if (route->via.family == AF_INET && route->family == AF_INET6)
		node_problem(e, node, said->via.at,
			     "`to` is IPv6, so `via` can't be IPv4");
	if (route->source.family && route->source.family != route->family)
		node_problem(e, node, said->source.at,
			     "`to` and `source` are of different families");
	if (route->type == ROUTE_UNICAST && !way)
		node_lacks(e, node, said->at,
			   "a route needs `via`, `dev` or both");
	if (route->type != ROUTE_UNICAST && way)
		node_problem(e, node, said->at,
			     "a %s route leads nowhere: no `via`, no `dev`",
			     said->type.text);
	if (route->onlink && !(said->via.text && said->dev.text))
		node_lacks(e, node, said->onlink.at,
			   "`onlink` needs `via` and `dev`");
}

static void route_plan(struct expansion *e, uint32_t node,
		       const struct route_said *said)
{
	uint32_t dev = dev_find(e, node, &said->dev);
	bool is_default = said->to.text && !strcmp(said->to.text, "default");
	int family = family_of(said, is_default);
	struct plan_route *route;

	if (!family)
		return;
	route = route_add(e, node_owner(e, node)->number, said->at);
	route->family = family;
	route->is_default = is_default;
	route->to = said->to.ip;
	route->length = said->to.length;
	route->via = said->via.ip;
	route->source = said->source.ip;
	route->ifindex = dev;
	route->metric = (uint32_t)said->metric.number;
	if (lc_given(&said->table) && said->table.number)
		route->table = (uint32_t)said->table.number;
	route->type = said->type.choice;
	route->onlink = said->onlink.flag;
	if (is_default) {
		route->to = (struct lc_ip){ .family = 0 };
		route->length = 0;
	}
	route_verify(e, node, route, said);
}

/* The one interface with a subnet that has @ip, or 0 with @ret_many */
static uint32_t on_link(const struct plan_node *node, const struct lc_ip *ip,
			bool *ret_many)
{
	const struct plan_interface *interface;
	uint32_t found = 0;
	size_t i, k;

	*ret_many = false;
	for (i = 0; i < node->interface_count; i++) {
		interface = &node->interfaces[i];
		for (k = 0; k < interface->address_count; k++) {
			if (!prefix_contains(&interface->addresses[k].ip,
					     interface->addresses[k].length,
					     ip))
				continue;
			if (found && found != interface->ifindex)
				*ret_many = true;
			found = interface->ifindex;
		}
	}
	return *ret_many ? 0 : found;
}

static void neighbor_plan(struct expansion *e, uint32_t node,
			  const struct neighbor_said *said)
{
	struct plan_node *owner = node_owner(e, node);
	struct plan_neighbor *neighbor;
	uint32_t ifindex;
	bool many;

	if (!said->address.ip.family)
		return;
	if (said->dev.text) {
		ifindex = dev_find(e, node, &said->dev);
	} else {
		ifindex = on_link(owner, &said->address.ip, &many);
		if (!ifindex)
			node_lacks(e, node, said->address.at,
				   many ? "%s is in the subnets of several "
					    "interfaces of %s: say which (`dev`)"
					  : "%s is in no subnet of %s: say on "
					    "which interface it is (`dev`)",
				     said->address.text, owner->name);
	}
	if (!ifindex)
		return;
	owner->neighbors = arena_grow(e->arena, owner->neighbors,
				      owner->neighbor_count,
				      sizeof(*neighbor));
	neighbor = &owner->neighbors[owner->neighbor_count++];
	neighbor->at = said->at;
	neighbor->ip = said->address.ip;
	memcpy(neighbor->mac, said->mac.mac, sizeof(neighbor->mac));
	neighbor->ifindex = ifindex;
}

void routes_plan(struct expansion *e)
{
	const struct node_said *said;
	uint32_t n, i;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		if (!said || node_owner(e, n)->kind == NODE_ADOPTED)
			continue;
		for (i = 0; i < said->routes_count; i++)
			route_plan(e, n, &said->routes[i]);
		for (i = 0; i < said->neighbors_count; i++)
			neighbor_plan(e, n, &said->neighbors[i]);
	}
}
