// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * overlay_peers.c - what the hosts of an overlay know of each other's containers
 *
 * By which address a host is found must be known before a packet is sent, so it
 * is chosen here: the only one that it has, or the only one that is in a subnet
 * with another host of the network.  Where that leaves several, the host's
 * `docker` says which one it tells the others (advertise_addr), as Docker would
 * have to be told.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

/** struct choice - The addresses by which a host may be found */
struct choice {
	struct networks *networks;
	const struct network *network;
	const struct carrier *carrier;
	const struct lc_ip *chosen;
	uint32_t count;
};

/* Calls @f with each address that the file gives to a host, until it is true */
static bool each_address(const struct expansion *e, uint32_t host,
			 bool (*f)(void *arg, const struct lc_value *address),
			 void *arg)
{
	const struct node_said *said;
	const struct lc_list *list;
	uint32_t n, i, k;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		if (!said || node_owner(e, n)->number != host)
			continue;
		for (i = 0; i < said->interfaces_count; i++) {
			list = &said->interfaces[i].addresses;
			for (k = 0; list->items && k < list->count; k++)
				if (list->items[k].ip.family == AF_INET &&
				    !ip_is_loopback(&list->items[k].ip) &&
				    f(arg, &list->items[k]))
					return true;
		}
	}
	return false;
}

static bool shares_subnet(void *arg, const struct lc_value *other)
{
	const struct lc_value *address = arg;

	return prefix_contains(&address->ip, address->length, &other->ip);
}

/* Whether another host of the network is in the subnet of an address */
static bool is_shared(const struct choice *choice,
		      const struct lc_value *address)
{
	const struct expansion *e = choice->networks->e;
	const struct carrier *other;
	uint32_t i, host;

	for (i = 0; i < e->carrier_count; i++) {
		other = &e->carriers[i];
		if (other->said != choice->network->said ||
		    other == choice->carrier)
			continue;
		host = node_of_file(e, other->host);
		if (host != NO_NODE &&
		    each_address(e, host, shares_subnet,
				 (struct lc_value *)address))
			return true;
	}
	return false;
}

static bool take_any(void *arg, const struct lc_value *address)
{
	struct choice *choice = arg;

	choice->chosen = &address->ip;
	choice->count++;
	return false;
}

static bool take_shared(void *arg, const struct lc_value *address)
{
	return is_shared(arg, address) && take_any(arg, address);
}

static bool is_same(void *arg, const struct lc_value *address)
{
	return ip_equal(arg, &address->ip);
}

/* What the host's Docker tells the others, NULL: nothing is said of it */
static const struct lc_ip *advertised(const struct choice *choice,
				      uint32_t host)
{
	struct expansion *e = choice->networks->e;
	const struct node_said *node = e->made[host].said;
	const struct lc_value *said;

	if (!node || !node->docker || !node->docker->advertise_addr.text)
		return NULL;
	said = &node->docker->advertise_addr;
	if (said->ip.family && !each_address(e, host, is_same,
					     (struct lc_ip *)&said->ip))
		lc_problem(e->problems, said->at, "%s has no address %s",
			   node->name.text, said->text);
	return &said->ip;
}

static const struct lc_ip *underlay_choose(struct choice *choice,
					   uint32_t host)
{
	struct expansion *e = choice->networks->e;
	const struct lc_ip *said = advertised(choice, host);

	if (said)
		return said;
	each_address(e, host, take_any, choice);
	if (choice->count > 1) {
		choice->count = 0;
		each_address(e, host, take_shared, choice);
	}
	if (choice->count == 1)
		return choice->chosen;
	if (!e->problems->partial)
		lc_problem(e->problems, choice->carrier->at,
			   choice->chosen
				   ? "could not choose an IP address by which other hosts of network %s find %s, which has several: say it (`docker: {advertise_addr: ADDRESS}`)"
				   : "network %s is on several hosts, and %s has no IPv4 address by which the others find it",
			   choice->network->name, choice->carrier->host);
	return NULL;
}

/* A container that is behind @dst, as @inside has to know it */
static void peer_add(struct expansion *e, uint32_t inside, const char *vxlan,
		     const struct plan_interface *eth, const struct lc_ip *ip,
		     const struct lc_ip *dst)
{
	struct plan_node *node = &e->plan->nodes[inside];
	struct plan_neighbor *neighbor;
	struct plan_fdb *fdb;
	uint32_t ifindex;

	ifindex = node->interfaces[interface_position(e, inside, vxlan)]
			  .ifindex;
	node->fdb = arena_grow(e->arena, node->fdb, node->fdb_count,
			       sizeof(*fdb));
	fdb = &node->fdb[node->fdb_count++];
	*fdb = (struct plan_fdb){ .at = eth->at, .dst = *dst,
				  .ifindex = ifindex };
	memcpy(fdb->mac, eth->mac, sizeof(fdb->mac));
	node->neighbors = arena_grow(e->arena, node->neighbors,
				     node->neighbor_count, sizeof(*neighbor));
	neighbor = &node->neighbors[node->neighbor_count++];
	*neighbor = (struct plan_neighbor){ .at = eth->at, .ip = *ip,
					    .ifindex = ifindex };
	memcpy(neighbor->mac, eth->mac, sizeof(neighbor->mac));
}

/* One connection, told to every other host of its network */
static void peer_tell(struct networks *networks, const struct network *network,
		      const struct connection *connection)
{
	struct expansion *e = networks->e;
	const struct pool *pool = network_pool_of(network, &connection->ip);
	const struct carrier *own =
		overlay_carrier(networks, network, connection->node);
	const struct carrier *other;
	char vxlan[IFNAMSIZ];
	uint32_t i, position;

	if (!own || !own->address.family || !pool)
		return;
	snprintf(vxlan, sizeof(vxlan), "vxlan%u",
		 (unsigned int)(pool - network->pools));
	position = interface_position(e, connection->node, connection->eth);
	for (i = 0; i < e->carrier_count; i++) {
		other = &e->carriers[i];
		if (other->said != network->said || other == own ||
		    !other->address.family)
			continue;
		peer_add(e, other->inside, vxlan,
			 &e->plan->nodes[connection->node]
				  .interfaces[position],
			 &connection->ip, &own->address);
	}
}

static uint32_t carriers_of(const struct expansion *e,
			    const struct network *network)
{
	uint32_t i, count = 0;

	for (i = 0; i < e->carrier_count; i++)
		count += e->carriers[i].said == network->said;
	return count;
}

static void underlay_plan(struct networks *networks, struct carrier *carrier)
{
	struct choice choice = {
		.networks = networks,
		.network = network_find(networks, carrier->said->name.text),
		.carrier = carrier,
	};
	const struct lc_ip *ip;
	uint32_t host;

	carrier->address.family = 0;
	if (!choice.network ||
	    carriers_of(networks->e, choice.network) < 2)
		return;
	host = carrier_host(networks, carrier);
	ip = host == NO_NODE ? NULL : underlay_choose(&choice, host);
	if (ip)
		carrier->address = *ip;
}

void overlay_peers_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct connection *connection;
	const struct network *network;
	uint32_t i;

	for (i = 0; i < e->carrier_count; i++)
		underlay_plan(networks, &e->carriers[i]);
	for (i = 0; e->carrier_count && i < e->connection_count; i++) {
		connection = &e->connections[i];
		network = network_find(networks, connection->said->name.text);
		if (network && network->driver == DRIVER_OVERLAY &&
		    connection->wired && connection_is_there(e, connection))
			peer_tell(networks, network, connection);
	}
}
