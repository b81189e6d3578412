// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * networks.c - Docker-like networks become bridges, cables and rules
 *
 * What Docker 20.10 does: a bridge per network on its host, with the gateway's
 * address and a MAC that does not follow the ports; a cable to each container;
 * addresses handed out lowest first; forwarding; rules that masquerade what
 * leaves and that keep networks apart.
 */
#include <string.h>

#include <labcheck/check.h>

#include "docker.h"
#include "network.h"

struct network *network_find(const struct networks *networks, const char *name)
{
	uint32_t number;

	if (!name || !keys_find_name(networks->names, 0, name, &number))
		return NULL;
	return &networks->items[number];
}

bool network_precedes(const struct network *network,
		      const struct network *other)
{
	if (!other)
		return true;
	/* An overlay leads nowhere but to its containers */
	if ((network->driver == DRIVER_OVERLAY) !=
	    (other->driver == DRIVER_OVERLAY))
		return other->driver == DRIVER_OVERLAY;
	if (network->internal != other->internal)
		return !network->internal;
	return strcmp(network->name, other->name) < 0;
}

static uint32_t host_find(struct expansion *e, const struct network *network)
{
	const struct lc_scalar *on = network->said ? &network->said->on : NULL;
	uint32_t number = node_number(e, on && on->text ? on->text : "host");
	const struct plan_node *owner;

	if (number == NO_NODE)
		return NO_NODE;
	owner = node_owner(e, number);
	if (owner->kind == NODE_ADOPTED) {
		lc_problem(e->problems, on && on->text ? on->at : network->at,
			   "%s is adopted (netns) and never configured: it can't carry network %s",
			   owner->name, network->name);
		return NO_NODE;
	}
	return owner->number;
}

static void network_take(struct network *network,
			 const struct network_said *said)
{
	network->driver = said->driver.choice;
	if (lc_given(&said->masquerade))
		network->masquerade = said->masquerade.flag;
	if (lc_given(&said->icc))
		network->icc = said->icc.flag;
	if (lc_given(&said->dns))
		network->dns = said->dns.flag;
	network->internal = said->internal.flag;
	network->mtu = (uint32_t)said->mtu.number;
	network->ipv6 = said->ipv6.flag;
}

/* What hangs on its host's Docker */
static void docker_take(struct network *network, struct docker docker)
{
	bool is_new = docker.version >= DOCKER_NEW;

	if (network_is_bridge(network) &&
	    !(network->said && lc_given(&network->said->icc)))
		network->icc = docker.icc;
	network->is_way = !(network->internal && is_new);
	network->random_macs = is_new && network->driver == DRIVER_BRIDGE;
	network->hairpin = !docker.userland_proxy;
}

struct network *network_add(struct networks *networks, const char *name,
			    const struct network_said *said, struct lc_at at)
{
	struct expansion *e = networks->e;
	struct network *network;

	if (!keys_add_name(networks->names, 0, name, networks->count))
		return NULL;
	networks->items = arena_grow(e->arena, networks->items,
				     networks->count, sizeof(*network));
	network = &networks->items[networks->count];
	memset(network, 0, sizeof(*network));
	network->said = said;
	network->name = name;
	network->at = at;
	network->number = networks->count++;
	network->masquerade = true;
	network->dns = !network_is_bridge(network);
	network->icc = true;
	network->host = host_find(e, network);
	bridge_name(network, network->bridge);
	if (said)
		network_take(network, said);
	docker_take(network, docker_of(e, network->host));
	if (network->driver == DRIVER_OVERLAY) {
		network->host = NO_NODE;
		network->is_way = false;
	}
	return network;
}

/* Those that are declared, and `bridge` if a node is in it at any time */
static void networks_collect(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct lc_scalar *bridge = bridge_named(e->scenario);
	const struct network_said *network;
	uint32_t i;

	gateways_collect(networks);
	for (i = 0; i < e->scenario->networks_count; i++) {
		network = &e->scenario->networks[i];
		driver_verify(e->problems, network);
		if (!network->name.text || gateway_is_taken(e, network))
			continue;
		network_add(networks, network->name.text, network,
			    network->at);
	}
	if (bridge)
		network_add(networks, "bridge", NULL, bridge->at);
}

/* What others see of them, under the same numbers */
static void networks_tell(const struct networks *networks)
{
	struct plan *plan = networks->e->plan;
	const struct network *network;
	const struct pool *pool;
	uint32_t i;

	plan->network_count = networks->count;
	plan->networks = arena_alloc(plan->arena, networks->count *
						  sizeof(*plan->networks));
	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		pool = network_pool(network, AF_INET);
		plan->networks[i] = (struct plan_network){
			.at = network->at,
			.name = network->name,
			.driver = network->driver,
			.host = network->host,
			.gateway = pool ? pool->gateway : (struct lc_ip){ 0 },
			.dns = network->dns,
			.icc = network->icc,
			.internal = network->internal,
			.is_gateway = network->is_gateway,
		};
		strcpy(plan->networks[i].bridge, network->bridge);
	}
}

/* A node with `docker` has a Docker, even without a network */
static void dockers_plan(struct expansion *e)
{
	const struct node_said *said;
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		if (!said || !said->docker)
			continue;
		if (e->plan->nodes[n].kind != NODE_OWN) {
			node_problem(e, n, said->docker->at,
				     "`docker` is for a node that has its own network namespace");
			continue;
		}
		e->made[n].forward = true;
		e->made[n].docker = true;
	}
}

static void network_plan(struct networks *networks, struct network *network)
{
	switch (network->driver) {
	case DRIVER_BRIDGE:
		bridge_plan(networks, network);
		break;
	case DRIVER_MACVLAN:
		macvlan_plan(networks, network);
		break;
	case DRIVER_OVERLAY:
		overlay_plan(networks, network);
		break;
	}
}

void networks_plan(struct expansion *e)
{
	struct networks networks = {
		.e = e,
		.names = keys_new(e->scratch),
		.taken = keys_new(e->scratch),
		.members = keys_new(e->scratch),
	};
	uint32_t i;

	dockers_plan(e);
	networks_collect(&networks);
	pools_plan(&networks);
	overlays_number(&networks);
	for (i = 0; i < networks.count; i++)
		network_plan(&networks, &networks.items[i]);
	networks_tell(&networks);
	containers_plan(&networks);
	overlay_peers_plan(&networks);
	publish_plan(&networks);
	firewall_plan(&networks);
}
