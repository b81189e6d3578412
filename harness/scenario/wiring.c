// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wiring.c - a node's interface in a network, and what is at its other end
 *
 * Names and indexes are chosen when a node is connected, and kept for as long as
 * it is.  A number that it has had does not come back: eth0 that is taken away
 * is followed by eth1, as Docker names them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

/* The next ethN that neither a link nor an entry with a kind has or had */
static bool eth_is_free(struct expansion *e, uint32_t node, const char *name)
{
	const struct plan_interface *interface;
	uint32_t position = interface_position(e, node, name);

	if (position == NO_INTERFACE)
		return !keys_find_name(e->ifindexes, node, name, NULL);
	interface = &e->plan->nodes[node].interfaces[position];
	return interface->kind == KIND_VETH && interface->peer_node == NO_NODE;
}

static void eth_choose(struct expansion *e, struct connection *connection)
{
	uint32_t *next = &e->lives[connection->node].next_eth;

	do
		snprintf(connection->eth, sizeof(connection->eth), "eth%u",
			 (*next)++);
	while (!eth_is_free(e, connection->node, connection->eth));
}

/* An entry under the node's `interfaces` may have made it already */
static uint32_t eth_add(struct expansion *e, struct connection *connection)
{
	uint32_t node = connection->node, position;

	position = interface_add_as(e, node, connection->eth,
				    connection->eth_ifindex,
				    connection->said->at);
	if (position == NO_INTERFACE)
		position = interface_position(e, node, connection->eth);
	connection->eth_ifindex =
		e->plan->nodes[node].interfaces[position].ifindex;
	return position;
}

/* The bridge's end: veth-NODE, veth-NODE-1 for its eth1; where that is too
 * long or taken, veth and 7 digits, as Docker names them */
static uint32_t port_add(struct expansion *e, uint32_t host,
			 struct connection *connection)
{
	const char *node = e->plan->nodes[connection->node].name;
	uint32_t number = (uint32_t)strtoul(connection->eth + 3, NULL, 10);
	uint64_t hash = hash_bytes(number, node, strlen(node));
	char *name = connection->port;
	uint32_t position;
	int length = IFNAMSIZ - 1;

	if (!*name)
		length = number ? snprintf(name, IFNAMSIZ, "veth-%s-%u", node,
					   number)
				: snprintf(name, IFNAMSIZ, "veth-%s", node);
	for (;; hash++) {
		position = NO_INTERFACE;
		if (length < IFNAMSIZ)
			position = interface_add_as(e, host, name,
						    connection->port_ifindex,
						    connection->said->at);
		if (position != NO_INTERFACE)
			break;
		length = snprintf(name, IFNAMSIZ, "veth%07x",
				  (unsigned int)(hash & 0xfffffff));
	}
	connection->port_ifindex =
		e->plan->nodes[host].interfaces[position].ifindex;
	return position;
}

static void port_count(struct networks *networks, struct network *network,
		       uint32_t node)
{
	uint32_t *count = &network->port_count;

	if (network->driver == DRIVER_OVERLAY)
		count = &overlay_carrier(networks, network, node)->port_count;
	if (++*count == BRIDGE_MAX_PORTS + 1)
		lc_problem(networks->e->problems, network->at,
			   "a bridge has at most %d ports, and network %s needs more",
			   BRIDGE_MAX_PORTS, network->name);
}

/* 12 hexadecimal digits, the same in every run, others for a node that is
 * created anew */
static const char *container_id(struct expansion *e, uint32_t node)
{
	const char *name = e->plan->nodes[node].name;
	uint64_t hash = hash_bytes(e->lives[node].born, name, strlen(name));

	return arena_printf(e->arena, "%012llx",
			    (unsigned long long)(hash & 0xffffffffffff));
}

uint32_t connection_host(const struct networks *networks,
			 const struct connection *connection,
			 const struct network *network)
{
	const struct carrier *carrier;

	if (network->driver != DRIVER_OVERLAY)
		return network->host;
	carrier = overlay_carrier(networks, network, connection->node);
	return carrier ? carrier_host(networks, carrier) : NO_NODE;
}

static void endpoint_add(struct networks *networks,
			 const struct connection *connection,
			 const struct network *network, const uint8_t mac[6])
{
	struct expansion *e = networks->e;
	const struct attachment_said *said = connection->said;
	struct plan *plan = e->plan;
	struct plan_endpoint *endpoint;
	uint32_t i;

	plan->endpoints = arena_grow(e->arena, plan->endpoints,
				     plan->endpoint_count, sizeof(*endpoint));
	endpoint = &plan->endpoints[plan->endpoint_count++];
	*endpoint = (struct plan_endpoint){
		.at = said->at,
		.node = connection->node,
		.network = network->number,
		.host = connection_host(networks, connection, network),
		.ifindex = connection->eth_ifindex,
		.ip = connection->ip,
		.ip6 = connection->ip6,
		.name = plan->nodes[connection->node].name,
		.id = container_id(e, connection->node),
		.alias_count = said->aliases.items ? said->aliases.count : 0,
	};
	memcpy(endpoint->mac, mac, sizeof(endpoint->mac));
	endpoint->aliases = arena_alloc(e->arena, (endpoint->alias_count + 1) *
						  sizeof(char *));
	for (i = 0; i < endpoint->alias_count; i++)
		endpoint->aliases[i] = said->aliases.items[i].text;
}

/* A cable from the node to the network's bridge */
static void wire(struct networks *networks, struct connection *connection,
		 const struct network *network, uint32_t eth_position)
{
	struct expansion *e = networks->e;
	uint32_t node = connection->node, host = network->host;
	uint32_t bridge_position = network->bridge_position, port_position;
	struct plan_interface *eth, *port;

	if (network->driver == DRIVER_OVERLAY)
		bridge_position = overlay_bridge(networks, network, connection,
						 &host);
	port_position = port_add(e, host, connection);
	/* The bridge's end makes the pair: born with its master, and up */
	interface_join(e, host, port_position, node, eth_position);
	eth = &e->plan->nodes[node].interfaces[eth_position];
	port = &e->plan->nodes[host].interfaces[port_position];
	eth->mtu = network->mtu;
	port->mtu = network->mtu;
	port->hairpin = network->hairpin;
	port->master = e->plan->nodes[host].interfaces[bridge_position].ifindex;
}

static void eth_plan(struct networks *networks, struct network *network,
		     struct connection *connection)
{
	struct expansion *e = networks->e;
	uint32_t node = connection->node, position = eth_add(e, connection);
	struct plan_interface *eth;

	if (network->driver == DRIVER_MACVLAN) {
		macvlan_attach(networks, network, node, position);
	} else {
		port_count(networks, network, node);
		wire(networks, connection, network, position);
	}
	eth = &e->plan->nodes[node].interfaces[position];
	eth->network = network->number;
	lease_apply(networks, network, connection, position);
	if (network->driver == DRIVER_OVERLAY)
		overlay_routes(networks, network, connection);
	if (!e->lives[node].made)
		endpoint_add(networks, connection, network, eth->mac);
}

/* It was there for a moment, between two states, and had a name */
void connection_pass(struct expansion *e, struct connection *connection)
{
	eth_choose(e, connection);
	connection->wired = true;
}

void connection_wire(struct networks *networks, struct network *network,
		     struct connection *connection)
{
	struct expansion *e = networks->e;

	if (!lease_choose(networks, network, connection))
		return;
	if (!connection->wired)
		eth_choose(e, connection);
	connection->wired = true;
	eth_plan(networks, network, connection);
}
