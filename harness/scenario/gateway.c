// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gateway.c - docker_gwbridge: how containers of overlays leave their host
 *
 * An overlay leads to its own containers alone.  What else a container sends
 * goes by a bridge of its host, which Docker connects it to by itself: right
 * after its first overlay, unless another network of the container leads out
 * already, and only as long as that is so.  Containers don't reach each other
 * there (no icc), and it has no names.  Its first address is taken by the swarm's
 * own entrance for published services (ingress), which is not built.
 */
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

static const char bridge[] = "docker_gwbridge";

/* Each host has one, so in the file's terms they have different names, and
 * none that a file can have */
static const char *key_of(struct expansion *e, const char *host)
{
	return arena_printf(e->arena, "%s@%s", bridge, host);
}

struct network *gateway_find(const struct networks *networks,
			     const struct node_said *said)
{
	return network_find(networks,
			    key_of(networks->e, host_said(said)));
}

bool gateway_is_taken(struct expansion *e, const struct network_said *said)
{
	if (!e->carrier_count || strcmp(said->name.text, bridge) != 0)
		return false;
	lc_problem(e->problems, said->name.at,
		   "network %s is made by itself, where overlays need it",
		   bridge);
	return true;
}

/* As if the file had said it */
static const struct network_said *said_make(struct expansion *e,
					    const struct carrier *carrier)
{
	struct network_said *said = arena_alloc(e->arena, sizeof(*said));

	said->at = carrier->at;
	said->name.text = key_of(e, carrier->host);
	said->on.text = carrier->host;
	said->on.at = carrier->at;
	said->bridge.text = bridge;
	said->icc.text = said->dns.text = "false";
	return said;
}

void gateways_collect(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct network_said *said;
	struct network *network;
	uint32_t i;

	for (i = 0; i < e->carrier_count; i++) {
		if (e->carriers[i].said->internal.flag ||
		    carrier_host(networks, &e->carriers[i]) == NO_NODE)
			continue;
		said = said_make(e, &e->carriers[i]);
		network = network_add(networks, said->name.text, said,
				      said->at);
		if (!network)
			continue;
		network->name = bridge;
		network->is_gateway = true;
	}
}

void gateways_reserve(struct networks *networks)
{
	struct lc_ip ingress;
	uint32_t i;

	for (i = 0; i < networks->count; i++)
		if (networks->items[i].is_gateway)
			network_allocate(networks, &networks->items[i],
					 AF_INET, &ingress);
}

/* Whether a network is one that a container leaves by, by itself */
static bool leads_out(const struct network *network)
{
	return network->driver != DRIVER_OVERLAY && !network->internal &&
	       !network->is_gateway;
}

static bool is_needed(const struct networks *networks, uint32_t node)
{
	const struct expansion *e = networks->e;
	const struct connection *connection;
	const struct network *network;
	bool needed = false;
	uint32_t i;

	for (i = 0; i < e->connection_count; i++) {
		connection = &e->connections[i];
		if (connection->node != node ||
		    !connection_is_there(e, connection))
			continue;
		network = network_find(networks, connection->said->name.text);
		if (network && leads_out(network))
			return false;
		if (network && network->driver == DRIVER_OVERLAY &&
		    !network->internal)
			needed = true;
	}
	return needed;
}

void gateway_follow(struct networks *networks, uint32_t node)
{
	struct expansion *e = networks->e;
	const struct network *network =
		gateway_find(networks, e->lives[node].said);
	struct attachment_said *said;
	struct connection *has;
	bool needed;

	if (!network)
		return;
	has = connection_find(e, node, network->said->name.text);
	needed = is_needed(networks, node);
	if (has && !needed)
		has->gone = e->state;
	if (has || !needed)
		return;
	said = arena_alloc(e->arena, sizeof(*said));
	said->at = e->plan->nodes[node].at;
	said->name = network->said->name;
	said->name.at = said->at;
	connection_add(e, node, said);
}
