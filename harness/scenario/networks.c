// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * networks.c - Docker-like networks become bridges, cables and rules
 *
 * What Docker 20.10 does: a bridge per network on its host, with the gateway's
 * address and a MAC that does not follow the ports; a cable to each container;
 * addresses handed out lowest first; forwarding; rules that masquerade what
 * leaves and that keep networks apart.
 */
#include <stdio.h>
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
	if (network->internal != other->internal)
		return !network->internal;
	return strcmp(network->name, other->name) < 0;
}

static uint32_t host_find(struct expansion *e, const struct network *network)
{
	const struct lc_value *on = network->said ? &network->said->on : NULL;
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

/* br-NAME, docker0 for `bridge`; a name that is too long keeps its beginning
 * and gets a hash of the whole for an end */
static void bridge_name(const struct network *network, char name[IFNAMSIZ])
{
	const char *said = network->said ? network->said->bridge.text : NULL;
	size_t length = strlen(network->name);
	uint64_t hash;

	if (said && strlen(said) < IFNAMSIZ) {
		strcpy(name, said);
	} else if (!strcmp(network->name, "bridge")) {
		strcpy(name, "docker0");
	} else if (length + 3 < IFNAMSIZ) {
		snprintf(name, IFNAMSIZ, "br-%.12s", network->name);
	} else {
		hash = hash_bytes(0, network->name, length);
		snprintf(name, IFNAMSIZ, "br-%.5s-%06x", network->name,
			 (unsigned int)(hash & 0xffffff));
	}
}

static void network_add(struct networks *networks, const char *name,
			const struct network_said *said, struct lc_at at)
{
	struct expansion *e = networks->e;
	struct network *network;

	if (!keys_add_name(networks->names, 0, name, networks->count))
		return;
	networks->items = arena_grow(e->arena, networks->items,
				     networks->count, sizeof(*network));
	network = &networks->items[networks->count];
	memset(network, 0, sizeof(*network));
	network->said = said;
	network->name = name;
	network->at = at;
	network->number = networks->count++;
	network->masquerade = true;
	network->dns = strcmp(name, "bridge") != 0;
	network->icc = true;
	network->host = host_find(e, network);
	bridge_name(network, network->bridge);
	if (network->host != NO_NODE && !network->dns)
		network->icc = docker_of(e, network->host).icc;
	if (!said)
		return;
	network->driver = said->driver.choice;
	if (lc_given(&said->masquerade))
		network->masquerade = said->masquerade.flag;
	if (lc_given(&said->icc))
		network->icc = said->icc.flag;
	if (lc_given(&said->dns))
		network->dns = said->dns.flag;
	network->internal = said->internal.flag;
	network->mtu = (uint32_t)said->mtu.number;
}

static void not_built(struct expansion *e, const struct lc_value *said,
		      const char *key)
{
	if (lc_given(said))
		lc_problem(e->problems, said->at, "`%s` is not built yet", key);
}

static void not_built_verify(struct expansion *e)
{
	const struct network_said *network;
	uint32_t i;

	for (i = 0; i < e->scenario->networks_count; i++) {
		network = &e->scenario->networks[i];
		if (network->ipam_count)
			not_built(e, &network->name, "ipam");
		not_built(e, &network->dns, "dns");
		not_built(e, &network->ipv6, "ipv6");
		not_built(e, &network->vni, "vni");
	}
}

/* Those that are declared, and `bridge` if a node is in it at any time */
static void networks_collect(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct lc_value *bridge = bridge_named(e->scenario);
	const struct network_said *network;
	uint32_t i;

	for (i = 0; i < e->scenario->networks_count; i++) {
		network = &e->scenario->networks[i];
		driver_verify(e->problems, network);
		if (!network->name.text)
			continue;
		if (network->driver.choice == DRIVER_OVERLAY) {
			lc_problem(e->problems, network->driver.at,
				   "networks of driver %s are not built yet",
				   network->driver.text);
			continue;
		}
		network_add(networks, network->name.text, network,
			    network->at);
	}
	if (bridge)
		network_add(networks, "bridge", NULL, bridge->at);
}

/* As Docker's: 02:42 and four bytes, here from the names */
static void bridge_mac(const struct plan_node *host,
		       struct plan_interface *bridge)
{
	uint64_t hash = hash_bytes(0, host->name, strlen(host->name));

	if (bridge->has_mac)
		return;
	hash = hash_bytes(hash, bridge->name, strlen(bridge->name));
	bridge->mac[0] = 0x02;
	bridge->mac[1] = 0x42;
	memcpy(bridge->mac + 2, &hash, 4);
	/* Container addresses are 02:42 and a private IPv4 address; no bridge
	 * must ever look like one (10, 172, 192) */
	bridge->mac[2] |= 0xe0;
	bridge->has_mac = true;
}

/* The only settings that Docker makes on a host, but for forwarding */
static void bridge_settings(struct expansion *e, const struct network *network)
{
	uint32_t host = network->host;
	struct lc_at at = network->at;

	setting_add(e, host, at,
		    arena_printf(e->arena, "net/ipv6/conf/%s/accept_ra",
				 network->bridge), "0", true);
	if (!docker_of(e, host).userland_proxy)
		setting_add(e, host, at,
			    arena_printf(e->arena,
					 "net/ipv4/conf/%s/route_localnet",
					 network->bridge), "1", false);
	/* Without it bridged packets meet no rule, and a container reaches what
	 * it must not */
	if (!network->icc)
		setting_add(e, host, at, "net/bridge/bridge-nf-call-iptables",
			    "1", false);
}

static void bridge_plan(struct networks *networks, struct network *network)
{
	struct expansion *e = networks->e;
	struct plan_node *host;
	struct plan_interface *bridge;
	uint32_t position;

	if (network->host == NO_NODE)
		return;
	host = &e->plan->nodes[network->host];
	position = interface_add(e, network->host, network->bridge,
				 network->at);
	if (position == NO_INTERFACE) {
		/* An entry of the host may add to it */
		position = interface_position(e, network->host,
					      network->bridge);
		bridge = &host->interfaces[position];
		if ((bridge->kind != KIND_BRIDGE &&
		     bridge->kind != KIND_VETH) ||
		    bridge->peer_node != NO_NODE || bridge->has_mac) {
			lc_problem(e->problems, network->at,
				   "%s has an interface %s already, which "
				   "network %s needs for its bridge",
				   host->name, network->bridge, network->name);
			network->host = NO_NODE;
			return;
		}
	}
	network->bridge_position = position;
	bridge = &host->interfaces[position];
	bridge->kind = KIND_BRIDGE;
	bridge->mtu = network->mtu;
	bridge_mac(host, bridge);
	bridge_settings(e, network);
	e->made[network->host].forward = true;
	e->made[network->host].docker = true;
	if (network->gateway.family &&
	    !interface_address(e, network->host, position, &network->gateway,
			       network->length, network->at))
		lc_problem(e->problems, network->at,
			   "%s has the address of network %s's gateway already",
			   host->name, network->name);
}

/* What others see of them, under the same numbers */
static void networks_tell(const struct networks *networks)
{
	struct plan *plan = networks->e->plan;
	const struct network *network;
	uint32_t i;

	plan->network_count = networks->count;
	plan->networks = arena_alloc(plan->arena, networks->count *
						  sizeof(*plan->networks));
	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		plan->networks[i] = (struct plan_network){
			.at = network->at,
			.name = network->name,
			.driver = network->driver,
			.host = network->host,
			.gateway = network->gateway,
			.dns = network->dns,
			.icc = network->icc,
			.internal = network->internal,
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
	}
}

void networks_plan(struct expansion *e)
{
	struct networks networks = {
		.e = e,
		.names = keys_new(e->arena),
		.taken = keys_new(e->arena),
		.members = keys_new(e->arena),
	};
	uint32_t i;

	not_built_verify(e);
	dockers_plan(e);
	networks_collect(&networks);
	pools_plan(&networks);
	for (i = 0; i < networks.count; i++)
		network_plan(&networks, &networks.items[i]);
	networks_tell(&networks);
	containers_plan(&networks);
	publish_plan(&networks);
	firewall_plan(&networks);
	firewall_text(&networks);
}
