// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * leases.c - which addresses of a network are taken, and which is the next
 *
 * Lowest first, and what was given back is as good as new: every state of the
 * lab begins with the addresses that are in use, so the lowest free one is
 * found, though somebody may have had it before.  Addresses that the file gives
 * are taken before any is handed out.
 *
 * Not so in an overlay: a swarm goes on behind the last address that it has
 * given, and begins anew only at the end of the range.
 */
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

struct pool *network_pool(const struct network *network, int family)
{
	uint32_t i;

	for (i = 0; i < network->pool_count; i++)
		if (network->pools[i].subnet.family == family)
			return &network->pools[i];
	return NULL;
}

struct pool *network_pool_of(const struct network *network,
			     const struct lc_ip *ip)
{
	struct pool *pool;
	uint32_t i;

	for (i = 0; i < network->pool_count; i++) {
		pool = &network->pools[i];
		if (pool->subnet.family &&
		    prefix_contains(&pool->subnet, pool->length, ip))
			return pool;
	}
	return NULL;
}

bool network_reserve(struct networks *networks, const struct network *network,
		     const struct lc_ip *ip)
{
	return keys_add(networks->taken, network->number, ip->bytes,
			ip_bits(ip->family) / 8, 0);
}

static bool pool_goes_on(struct pool *pool)
{
	if (pool->exhausted ||
	    !prefix_contains(&pool->range, pool->range_length, &pool->next)) {
		pool->exhausted = !pool->wraps;
		pool->wraps = false;
		pool->next = pool->first;
	}
	return !pool->exhausted;
}

static bool pool_allocate(struct networks *networks, struct pool *pool,
			  struct lc_ip *ret_ip)
{
	const struct network *network = &networks->items[pool->network];
	struct lc_ip ip;

	while (pool_goes_on(pool)) {
		ip = pool->next;
		pool->exhausted = !ip_add(&ip, 1, &pool->next);
		if (!prefix_has_host(&pool->subnet, pool->length, &ip) ||
		    !network_reserve(networks, network, &ip))
			continue;
		*ret_ip = ip;
		return true;
	}
	return false;
}

bool network_allocate(struct networks *networks, struct network *network,
		      int family, struct lc_ip *ret_ip)
{
	struct pool *pool;
	uint32_t i;

	for (i = 0; i < network->pool_count; i++) {
		pool = &network->pools[i];
		if (pool->subnet.family == family &&
		    pool_allocate(networks, pool, ret_ip))
			return true;
	}
	return false;
}

static void not_in(struct networks *networks, const struct network *network,
		   const struct lc_value *said, int family)
{
	const struct pool *pool = network_pool(network, family);
	struct lc_problems *problems = networks->e->problems;
	char ip[IP_TEXT_SIZE], subnet[PREFIX_TEXT_SIZE];

	ip_format(&said->ip, ip);
	if (said->ip.family != family)
		lc_problem(problems, said->at,
			   family == AF_INET
				   ? "%s is an IPv6 address: `address6` is for it"
				   : "%s is an IPv4 address: `address` is for it",
			   ip);
	else if (!pool)
		lc_problem(problems, said->at,
			   "network %s has no IPv%c addresses", network->name,
			   family == AF_INET ? '4' : '6');
	else if (network->pool_count == 1 || network->driver == DRIVER_BRIDGE)
		lc_problem(problems, said->at,
			   "%s is no address of network %s (%s)", ip,
			   network->name,
			   prefix_format(&pool->subnet, pool->length, subnet));
	else
		lc_problem(problems, said->at,
			   "invalid address %s: it does not belong to any of network %s's subnets",
			   ip, network->name);
}

static void said_reserve(struct networks *networks,
			 const struct network *network,
			 const struct lc_value *said, int family)
{
	const struct pool *pool = network_pool_of(network, &said->ip);
	char ip[IP_TEXT_SIZE];

	if (!said->ip.family)
		return;
	if (said->ip.family != family || !pool ||
	    !prefix_has_host(&pool->subnet, pool->length, &said->ip))
		not_in(networks, network, said, family);
	else if (!network_reserve(networks, network, &said->ip))
		lc_problem(networks->e->problems, said->at,
			   ip_equal(&said->ip, &pool->gateway)
				   ? "%s is the gateway of network %s"
				   : "%s is taken in network %s already",
			   ip_format(&said->ip, ip), network->name);
}

/* What Docker refuses, in its words */
static void attachment_verify(struct networks *networks,
			      const struct network *network,
			      const struct attachment_said *said)
{
	struct lc_problems *problems = networks->e->problems;
	const struct pool *pool = network_pool_of(network, &said->address.ip);

	if (!said->address.ip.family)
		return;
	if (network_is_bridge(network))
		lc_problem(problems, said->address.at,
			   "user specified IP address is supported on user defined networks only");
	else if (pool && !pool->said)
		lc_problem(problems, said->address.at,
			   "user specified IP address is supported only when connecting to "
			   "networks with user configured subnets: network %s says no `subnet`",
			   network->name);
}

/* That a `count` can't share an address is the loader's to tell */
static bool is_told(const struct expansion *e,
		    const struct connection *connection)
{
	return connection->born == e->state &&
	       e->made[connection->node].first && !e->problems->networks_partial;
}

static void reserve(struct networks *networks, bool in_use)
{
	struct expansion *e = networks->e;
	const struct connection *connection;
	const struct network *network;
	uint32_t i;

	for (i = 0; i < e->connection_count; i++) {
		connection = &e->connections[i];
		network = network_find(networks, connection->said->name.text);
		if (!network || !network->pool_count ||
		    !connection_is_there(e, connection) ||
		    connection->wired != in_use)
			continue;
		if (in_use) {
			network_reserve(networks, network, &connection->ip);
			network_reserve(networks, network, &connection->ip6);
		} else if (is_told(e, connection)) {
			attachment_verify(networks, network,
					  connection->said);
			said_reserve(networks, network,
				     &connection->said->address, AF_INET);
			said_reserve(networks, network,
				     &connection->said->address6, AF_INET6);
		}
	}
}

/* Connections are in the order in which they got their addresses */
static void overlays_go_on(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct connection *connection;
	const struct network *network;
	struct pool *pool;
	uint32_t i;

	for (i = 0; e->carrier_count && i < e->connection_count; i++) {
		connection = &e->connections[i];
		network = network_find(networks, connection->said->name.text);
		if (!connection->wired || !network ||
		    network->driver != DRIVER_OVERLAY ||
		    connection->said->address.ip.family)
			continue;
		pool = network_pool_of(network, &connection->ip);
		if (!pool)
			continue;
		pool->exhausted = !ip_add(&connection->ip, 1, &pool->next);
		pool->wraps = true;
	}
}

void leases_reserve(struct networks *networks)
{
	gateways_reserve(networks);
	reserve(networks, true);
	reserve(networks, false);
	overlays_go_on(networks);
}

static bool address_choose(struct networks *networks, struct network *network,
			   const struct connection *connection, int family,
			   const struct lc_value *said, struct lc_ip *ip)
{
	const struct pool *pool = network_pool(network, family);
	char range[PREFIX_TEXT_SIZE];

	if (!pool)
		return true;
	if (said->ip.family) {
		*ip = said->ip;
		return true;
	}
	if (network_allocate(networks, network, family, ip))
		return true;
	if (!network->told_exhausted) {
		network->told_exhausted = true;
		network_problem(networks, connection->said->name.at,
				"no address is left in network %s (%s) for %s",
				network->name,
				prefix_format(&pool->range, pool->range_length,
					      range),
				networks->e->plan->nodes[connection->node].name);
	}
	return false;
}

bool lease_choose(struct networks *networks, struct network *network,
		  struct connection *connection)
{
	const struct attachment_said *said = connection->said;

	return connection->wired ||
	       (address_choose(networks, network, connection, AF_INET,
			       &said->address, &connection->ip) &&
		address_choose(networks, network, connection, AF_INET6,
			       &said->address6, &connection->ip6));
}

/* Locally administered, another for each that is connected, and the same in
 * every run; never one that is made of an address */
static void mac_invent(const struct networks *networks,
		       const struct network *network,
		       const struct connection *connection, uint8_t mac[6])
{
	const char *node = networks->e->plan->nodes[connection->node].name;
	uint64_t hash = hash_bytes(connection->eth_ifindex, node, strlen(node));

	hash = hash_bytes(hash + connection->born, network->name,
			  strlen(network->name));
	memcpy(mac, &hash, 6);
	mac[0] = (uint8_t)((mac[0] & 0xfc) | 0x02);
	if (mac[0] == 0x02 && mac[1] == 0x42)
		mac[1]++;
}

/* Docker's are 02:42 and the IPv4 address, so that who gets an address that
 * was somebody's is found by those who knew that one's MAC */
static void mac_choose(const struct networks *networks,
		       const struct network *network,
		       const struct connection *connection,
		       struct plan_interface *eth)
{
	static const uint8_t none[6];
	const struct lc_value *said = &connection->said->mac;
	bool random = lc_given(said) && said->is_random;

	eth->has_mac = true;
	if (said->mac[0] & 1)
		network_problem(networks, said->at,
				"the MAC of an interface is no multicast address (its first byte is even)");
	if (lc_given(said) && !random && memcmp(said->mac, none, 6) != 0) {
		memcpy(eth->mac, said->mac, 6);
		eth->mac_said = true;
	} else if (random || network->random_macs ||
		   connection->ip.family != AF_INET) {
		mac_invent(networks, network, connection, eth->mac);
	} else {
		eth->mac[0] = 0x02;
		eth->mac[1] = 0x42;
		memcpy(eth->mac + 2, connection->ip.bytes, 4);
	}
	eth->announce = network->random_macs;
}

static void address_apply(struct networks *networks,
			  const struct network *network,
			  const struct connection *connection,
			  uint32_t position, const struct lc_ip *ip)
{
	const struct pool *pool = network_pool_of(network, ip);

	if (pool)
		interface_address(networks->e, connection->node, position, ip,
				  pool->length, connection->said->at);
}

void lease_apply(struct networks *networks, const struct network *network,
		 const struct connection *connection, uint32_t position)
{
	const struct plan_node *node =
		&networks->e->plan->nodes[connection->node];

	mac_choose(networks, network, connection, &node->interfaces[position]);
	address_apply(networks, network, connection, position,
		      &connection->ip);
	address_apply(networks, network, connection, position,
		      &connection->ip6);
}
