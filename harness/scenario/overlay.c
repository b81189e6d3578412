// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * overlay.c - networks that reach across hosts
 *
 * As Docker's driver of that name.  On each host that carries one of its
 * containers the network has a namespace of its own, with a bridge for each of
 * its subnets (the gateway's address is on every host) and, as a port of it, a
 * vxlan whose datagrams travel by the host: UDP port 4789, a number of its own,
 * packets shorter by what that costs.
 *
 * Nobody has to be looked for.  Where each container is, is known beforehand, so
 * every vxlan has a permanent entry for each container elsewhere: its MAC is
 * behind that host, its address has that MAC.  The vxlan answers ARP requests
 * itself, and what it has no entry for never leaves the host.
 *
 * The load balancer, which Docker gives each host, balances nothing here, but
 * it takes an address: the next one after that of the host's first container,
 * and it leaves with the last.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

enum {
	FIRST_VNI = 4097,
	LAST_VNI = (1 << 24) - 1,
	PORT = 4789,			/* IANA's, and Docker's default */
	ETHERNET_MTU = 1500,
	OVERHEAD = 50,			/* Ethernet, VXLAN, UDP and IP */
};

static bool is_carrier_of(const struct network *network,
			  const struct carrier *carrier)
{
	return network->said == carrier->said;
}

struct carrier *overlay_carrier(const struct networks *networks,
				const struct network *network, uint32_t node)
{
	struct expansion *e = networks->e;
	const char *host = host_said(e->lives[node].said);
	struct carrier *carrier;
	uint32_t i;

	for (i = 0; i < e->carrier_count; i++) {
		carrier = &e->carriers[i];
		if (is_carrier_of(network, carrier) &&
		    (e->lives[node].made ? carrier->balancer == node
					 : !strcmp(carrier->host, host)))
			return carrier;
	}
	return NULL;
}

uint32_t carrier_host(const struct networks *networks,
		      const struct carrier *carrier)
{
	const struct expansion *e = networks->e;
	uint32_t number = node_of_file(e, carrier->host);
	const struct plan_node *node, *owner;

	if (number == NO_NODE)
		return NO_NODE;
	node = &e->plan->nodes[number];
	owner = node_owner(e, number);
	if (owner->kind == NODE_ADOPTED)
		lc_problem(e->problems, carrier->at,
			   "%s is adopted (netns) and never configured: it can't carry network %s",
			   carrier->host, carrier->said->name.text);
	else if (node->kind == NODE_SHARED)
		lc_problem(e->problems, carrier->at,
			   "%s lives in the namespace of %s: network %s is `on` that one",
			   carrier->host, owner->name,
			   carrier->said->name.text);
	else
		return number;
	return NO_NODE;
}

/* Those that the file gives come first, so that nobody is given them */
void overlays_number(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct keys *taken = keys_new(e->scratch);
	struct network *network;
	uint32_t i, k, vni, next = FIRST_VNI;

	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		if (network->driver != DRIVER_OVERLAY ||
		    !network->said->vni.number)
			continue;
		for (k = 0; k < network->pool_count; k++) {
			vni = (uint32_t)network->said->vni.number + k;
			network->pools[k].vni = vni;
			if (vni > LAST_VNI ||
			    !keys_add(taken, 0, &vni, sizeof(vni), 0))
				lc_problem(e->problems, network->said->vni.at,
					   "subnet %u of network %s would have the vni %u, which is not free",
					   k + 1, network->name, vni);
		}
	}
	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		if (network->driver != DRIVER_OVERLAY ||
		    network->said->vni.number)
			continue;
		for (k = 0; k < network->pool_count; k++) {
			while (!keys_add(taken, 0, &next, sizeof(next), 0))
				next++;
			network->pools[k].vni = next;
		}
	}
}

static uint32_t made_add(struct expansion *e, uint32_t node,
			 const char *format, uint32_t number, struct lc_at at)
{
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "%s%u", format, number);
	return interface_add(e, node, name, at);
}

/* A subnet's bridge on one host, and the way to the others */
static void pool_plan(struct expansion *e, const struct network *network,
		      const struct carrier *carrier, uint32_t number,
		      uint32_t host)
{
	uint32_t node = carrier->inside;
	const struct pool *pool = &network->pools[number];
	uint32_t bridge_position =
		made_add(e, node, "br", number, network->at);
	uint32_t vxlan_position =
		made_add(e, node, "vxlan", number, network->at);
	struct plan_node *inside = &e->plan->nodes[node];
	struct plan_interface *bridge = &inside->interfaces[bridge_position];
	struct plan_interface *vxlan = &inside->interfaces[vxlan_position];

	bridge->kind = KIND_BRIDGE;
	bridge->mtu = network->mtu;
	bridge_mac(inside, bridge);
	if (pool->gateway.family)
		interface_address(e, node, bridge_position, &pool->gateway,
				  pool->length, network->at);
	vxlan->kind = KIND_VXLAN;
	vxlan->mtu = network->mtu;
	vxlan->master = bridge->ifindex;
	vxlan->vni = pool->vni;
	vxlan->port = PORT;
	vxlan->proxy = true;
	vxlan->underlay = host;
}

void overlay_plan(struct networks *networks, struct network *network)
{
	struct expansion *e = networks->e;
	struct carrier *carrier;
	uint32_t i, k, host;

	if (!network->mtu)
		network->mtu = ETHERNET_MTU - OVERHEAD;
	for (i = 0; i < e->carrier_count; i++) {
		carrier = &e->carriers[i];
		if (!is_carrier_of(network, carrier))
			continue;
		carrier->port_count = network->pool_count;	/* vxlans */
		host = carrier_host(networks, carrier);
		if (host == NO_NODE)
			continue;
		e->made[host].carries = true;
		/* From one subnet to another, by the gateways: a new namespace
		 * forwards as the machine does, and that is Docker's */
		e->made[carrier->inside].forward = true;
		for (k = 0; k < network->pool_count; k++)
			pool_plan(e, network, carrier, k, host);
	}
}

/* Those of hosts that carry no container of the network any more */
void overlay_balancers_end(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct connection *connection;
	const struct network *network;
	struct carrier *carrier;
	uint32_t i;
	int made;

	for (i = 0; i < e->carrier_count; i++)
		e->carriers[i].used = false;
	for (made = 0; made < 2; made++) {
		for (i = 0; e->carrier_count && i < e->connection_count; i++) {
			connection = &e->connections[i];
			network = network_find(networks,
					       connection->said->name.text);
			if (!network || network->driver != DRIVER_OVERLAY ||
			    !connection_is_there(e, connection) ||
			    e->lives[connection->node].made != made)
				continue;
			carrier = overlay_carrier(networks, network,
						  connection->node);
			if (carrier && !made)
				carrier->used = true;
			else if (carrier && !carrier->used)
				connection->gone = e->state;
		}
	}
}

bool overlay_has(const struct networks *networks, uint32_t node)
{
	const struct expansion *e = networks->e;
	const struct network *network;
	uint32_t i;

	for (i = 0; e->carrier_count && i < e->connection_count; i++) {
		if (e->connections[i].node != node ||
		    !connection_is_there(e, &e->connections[i]))
			continue;
		network = network_find(networks,
				       e->connections[i].said->name.text);
		if (network && network->driver == DRIVER_OVERLAY)
			return true;
	}
	return false;
}

void overlay_follow(struct networks *networks, uint32_t node)
{
	struct expansion *e = networks->e;
	struct attachment_said *said;
	const struct carrier *carrier;
	const struct network *network;
	uint32_t i, count = e->connection_count;

	if (!e->carrier_count || e->lives[node].made)
		return;
	for (i = 0; i < count; i++) {
		if (e->connections[i].node != node ||
		    !connection_is_there(e, &e->connections[i]))
			continue;
		network = network_find(networks,
				       e->connections[i].said->name.text);
		if (!network || network->driver != DRIVER_OVERLAY)
			continue;
		carrier = overlay_carrier(networks, network, node);
		if (!carrier ||
		    connection_find(e, carrier->balancer, network->name))
			continue;
		said = arena_alloc(e->arena, sizeof(*said));
		said->at = carrier->at;
		said->name = network->said->name;
		said->name.at = carrier->at;
		e->lives[carrier->balancer].next_eth = 0;
		connection_add(e, carrier->balancer, said);
	}
	gateway_follow(networks, node);
}

uint32_t overlay_bridge(const struct networks *networks,
			const struct network *network,
			const struct connection *connection,
			uint32_t *ret_node)
{
	const struct pool *pool = network_pool_of(network, &connection->ip);
	const struct carrier *carrier =
		overlay_carrier(networks, network, connection->node);
	char name[IFNAMSIZ];

	*ret_node = carrier->inside;
	/* An address that is in no pool has been told */
	snprintf(name, sizeof(name), "br%u",
		 pool ? (unsigned int)(pool - network->pools) : 0);
	return interface_position(networks->e, carrier->inside, name);
}

void overlay_routes(struct networks *networks, const struct network *network,
		    const struct connection *connection)
{
	const struct pool *own = network_pool_of(network, &connection->ip);
	const struct pool *pool;
	struct plan_route *route;
	uint32_t k;

	for (k = 0; own && k < network->pool_count; k++) {
		pool = &network->pools[k];
		if (pool == own || !pool->subnet.family ||
		    !own->gateway.family)
			continue;
		route = route_add(networks->e, connection->node,
				  connection->said->at);
		route->family = pool->subnet.family;
		route->to = pool->subnet;
		route->length = pool->length;
		route->via = own->gateway;
	}
}
