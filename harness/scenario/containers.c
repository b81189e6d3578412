// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * containers.c - nodes in networks: a cable, an address and a default route
 *
 * The default route goes to the first network by name, one that is not internal
 * before one that is: that is how Docker elects it, whatever the order of
 * connecting, and anew each time that a node is connected or disconnected.
 *
 * What a connection is given (names, indexes, address) it keeps while it lasts.
 * Every state of the lab begins by reserving the addresses that are in use, so
 * that the lowest free one is found, though it may have been somebody's before.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

/* `network: NAME` as if it were `networks: [{name: NAME}]` */
static uint32_t attachments_of(const struct node_said *said,
			       const struct attachment_said **ret_list,
			       struct attachment_said *single)
{
	*ret_list = said->networks;
	if (said->networks_count || !said->network.text)
		return said->networks_count;
	*single = (struct attachment_said){
		.at = said->network.at,
		.name = said->network,
	};
	*ret_list = single;
	return 1;
}

/* The node that has a place in networks, or NULL: the others are told of
 * where their kind is decided */
static const struct node_said *container_said(const struct expansion *e,
					      uint32_t node)
{
	return e->plan->nodes[node].kind == NODE_OWN ? e->made[node].said
						     : NULL;
}

/* Those that begin in the state at hand with their node; those of steps are
 * there already */
static void connections_collect(struct networks *networks, uint32_t node)
{
	struct expansion *e = networks->e;
	const struct node_said *said = container_said(e, node);
	const struct attachment_said *list;
	struct attachment_said single, *copy;
	uint32_t i, count;

	if (!said || e->lives[node].born != e->state)
		return;
	count = attachments_of(said, &list, &single);
	for (i = 0; i < count; i++) {
		copy = arena_alloc(e->arena, sizeof(*copy));
		*copy = list[i];
		connection_add(e, node, copy);
		overlay_follow(networks, node);
	}
}

/* What has come and gone with the step before */
static void connections_follow(struct networks *networks)
{
	struct expansion *e = networks->e;
	uint32_t i, count = e->carrier_count ? e->connection_count : 0;

	for (i = 0; i < count; i++)
		if (e->connections[i].born == e->state ||
		    e->connections[i].gone == e->state)
			overlay_follow(networks, e->connections[i].node);
	if (e->state)
		overlay_balancers_end(networks);
}

/* Whether a node says by itself where all else goes */
static bool has_default(const struct node_said *said, int family)
{
	const struct route_said *route;
	uint32_t i;

	for (i = 0; i < said->routes_count; i++) {
		route = &said->routes[i];
		if (route->to.text && !strcmp(route->to.text, "default") &&
		    (route->via.ip.family ?: AF_INET) == family &&
		    !route->metric.number && !route->table.number)
			return true;
	}
	return false;
}

/* Told when it begins, and once for all of a `count` */
__attribute__((format(printf, 4, 5)))
static void connection_problem(struct expansion *e,
			       const struct connection *connection,
			       struct lc_at at, const char *format, ...)
{
	char text[512];
	va_list args;

	if (connection->born != e->state || !e->made[connection->node].first)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	lc_problem(e->problems, at, "%s", text);
}

/* A bridge or macvlan on another host than the one that carries the node: that
 * which it says, and `host` where it is in an overlay and says none */
static void on_verify(struct networks *networks,
		      const struct connection *connection,
		      const struct network *network)
{
	struct expansion *e = networks->e;
	const struct node_said *said = e->made[connection->node].said;
	uint32_t number;

	if (!said || network->driver == DRIVER_OVERLAY ||
	    (!said->on->text && !overlay_has(networks, connection->node)))
		return;
	number = node_of_file(e, host_said(said));
	if (number == NO_NODE ||
	    e->plan->nodes[number].owner->number == network->host)
		return;
	if (said->on->text)
		connection_problem(e, connection, said->on->at,
				   "network %s is on %s", network->name,
				   e->plan->nodes[network->host].name);
	else
		connection_problem(e, connection, connection->said->name.at,
				   "network %s is on %s, and %s on %s",
				   network->name,
				   e->plan->nodes[network->host].name,
				   e->plan->nodes[connection->node].name,
				   host_said(said));
}

/* The loader knows it for a network, because `network: host` says so */
static void network_verify(struct networks *networks,
			   const struct connection *connection)
{
	const struct lc_scalar *name = &connection->said->name;

	if (name->text && !strcmp(name->text, "host"))
		connection_problem(networks->e, connection, name->at,
				   "host is no network among others: write `network: host`");
}

static bool is_member_once(struct networks *networks,
			   const struct connection *connection,
			   const struct network *network)
{
	struct expansion *e = networks->e;
	const char *name = e->plan->nodes[connection->node].name;
	struct lc_at at = connection->said->name.at;

	on_verify(networks, connection, network);
	if (connection_host(networks, connection, network) ==
	    connection->node) {
		if (network->is_gateway)
			return false;
		connection_problem(e, connection, at,
				   "%s carries network %s itself", name,
				   network->name);
		return false;
	}
	if (!keys_add(networks->members, connection->node, &network->number,
		      sizeof(network->number), 0)) {
		connection_problem(e, connection, at,
				   "%s is in network %s already", name,
				   network->name);
		return false;
	}
	return true;
}

/* The network that a connection is to, if it can be made at all */
static struct network *network_of(struct networks *networks,
				  const struct connection *connection)
{
	struct network *network =
		network_find(networks, connection->said->name.text);

	if (!connection_is_there(networks->e, connection))
		return NULL;
	if (!network)
		network_verify(networks, connection);
	if (!network || !network->pool_count ||
	    connection_host(networks, connection, network) == NO_NODE ||
	    !is_member_once(networks, connection, network))
		return NULL;
	return network;
}

/** struct election - Of the network that has a node's default route */
struct election {
	const struct network *network;
	const struct connection *connection;
};

static void way_add(struct expansion *e, uint32_t node,
		    const struct election *elected, const struct lc_ip *ip)
{
	const struct pool *pool = network_pool_of(elected->network, ip);
	struct plan_route *route;

	if (!pool || !pool->gateway.family ||
	    has_default(e->made[node].said, ip->family))
		return;
	route = route_add(e, node, elected->connection->said->at);
	route->family = ip->family;
	route->is_default = true;
	route->via = pool->gateway;
}

static void elect(struct expansion *e, uint32_t node,
		  const struct election *elected)
{
	if (!elected->network || !elected->network->is_way)
		return;
	way_add(e, node, elected, &elected->connection->ip);
	way_add(e, node, elected, &elected->connection->ip6);
}

void containers_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct election *elections =
		arena_alloc(e->arena, e->plan->node_count * sizeof(*elections));
	struct connection *connection;
	struct network *network;
	uint32_t i;

	connections_follow(networks);
	for (i = 0; i < e->plan->node_count; i++)
		connections_collect(networks, i);
	leases_reserve(networks);
	for (i = 0; i < e->connection_count; i++) {
		connection = &e->connections[i];
		if (connection->born == e->state &&
		    connection->gone == e->state && !connection->wired)
			connection_pass(e, connection);
		network = network_of(networks, connection);
		if (!network)
			continue;
		connection_wire(networks, network, connection);
		if (network_precedes(network,
				     elections[connection->node].network))
			elections[connection->node] =
				(struct election){ network, connection };
	}
	for (i = 0; i < e->plan->node_count; i++)
		elect(e, i, &elections[i]);
}
