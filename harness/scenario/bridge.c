// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge.c - the bridge of a network, on its host
 *
 * With the gateway's address, and a MAC address of its own: a bridge without one
 * takes the lowest of its ports', so that each container that comes or goes may
 * change it, and what the others have learned of their gateway would be stale.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "docker.h"
#include "network.h"

/* br-NAME, docker0 for `bridge`; a name that is too long keeps its beginning
 * and gets a hash of the whole for an end */
void bridge_name(const struct network *network, char name[IFNAMSIZ])
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

/* As Docker's: 02:42 and four bytes, here from the names */
void bridge_mac(const struct plan_node *host, struct plan_interface *bridge)
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

/* Docker routes IPv6 as soon as a network has it, and gives the bridge a
 * link-local address that can be remembered */
static void ipv6_settings(struct expansion *e, const struct network *network)
{
	struct lc_ip ip = { .family = AF_INET6 };

	ip.bytes[0] = 0xfe;
	ip.bytes[1] = 0x80;
	ip.bytes[15] = 1;
	interface_address(e, network->host, network->bridge_position, &ip, 64,
			  network->at);
	setting_add(e, network->host, network->at,
		    "net/ipv6/conf/all/forwarding", "1", false);
}

static void gateway_give(struct expansion *e, const struct network *network,
			 const struct pool *pool)
{
	if (pool->gateway.family && !pool->overlaps &&
	    !interface_address(e, network->host, network->bridge_position,
			       &pool->gateway, pool->length, network->at))
		lc_problem(e->problems, network->at,
			   "%s has the address of network %s's gateway already",
			   e->plan->nodes[network->host].name, network->name);
}

void bridge_plan(struct networks *networks, struct network *network)
{
	struct expansion *e = networks->e;
	struct plan_node *host;
	struct plan_interface *bridge;
	uint32_t i, position;

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
	bridge->network = network->number;
	bridge->mtu = network->mtu;
	bridge_mac(host, bridge);
	bridge_settings(e, network);
	e->made[network->host].carries = true;
	e->made[network->host].forward = true;
	e->made[network->host].docker = true;
	for (i = 0; i < network->pool_count; i++)
		gateway_give(e, network, &network->pools[i]);
	if (network->ipv6)
		ipv6_settings(e, network);
}
