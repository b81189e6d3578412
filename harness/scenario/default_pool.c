// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * default_pool.c - the subnet of a network that names none
 *
 * As Docker's address manager: `bridge` has the first pool, 172.17.0.0/16, and
 * others the next of 172.18.0.0/16 to 172.31.0.0/16 and 192.168.0.0/20 to
 * 192.168.240.0/20; overlays, which are the whole swarm's, those of 10.0.0.0/8
 * in pieces of /24, the very first of which is the swarm's own.  A pool is
 * passed over if another network of its host has a part of it, if the host has
 * an address or a route in it, or asks a name server there: whoever was there
 * first would be cut off.  But `bridge` is there before all other networks, and so
 * has its pool whatever they say of theirs.
 */
#include <arpa/inet.h>

#include <labcheck/check.h>

#include "network.h"

enum {
	WIDE_POOLS = 15,		/* 172.17.0.0/16 and on */
	NARROW_POOLS = 16,		/* 192.168.0.0/20 and on */
	SWARM_POOLS = 65536,		/* 10.0.0.0/24 and on */
};

/** struct prefix - A pool while it is looked for */
struct prefix {
	struct lc_ip ip;
	uint8_t length;
};

static struct prefix prefix_make(uint32_t address, uint8_t length)
{
	struct prefix prefix = { .length = length };

	prefix.ip.family = AF_INET;
	prefix.ip.v4.s_addr = htonl(address);
	return prefix;
}

/* The pools in their order, the one of `bridge` first */
static struct prefix pool_at(const struct network *network, uint32_t i)
{
	if (network->driver == DRIVER_OVERLAY)
		return prefix_make(10u << 24 | i << 8, 24);
	if (i < WIDE_POOLS)
		return prefix_make(172u << 24 | (17 + i) << 16, 16);
	return prefix_make(192u << 24 | 168u << 16 | (i - WIDE_POOLS) << 12,
			   20);
}

static uint32_t pools_of(const struct network *network)
{
	return network->driver == DRIVER_OVERLAY ? SWARM_POOLS
						 : WIDE_POOLS + NARROW_POOLS;
}

static bool list_overlaps(const struct lc_list *list,
			  const struct prefix *prefix)
{
	const struct lc_value *value;
	uint32_t i;

	for (i = 0; list->items && i < list->count; i++) {
		value = &list->items[i];
		if (prefix_overlaps(&prefix->ip, prefix->length, &value->ip,
				    value->length
					    ? value->length
					    : (uint8_t)ip_bits(
						      value->ip.family)))
			return true;
	}
	return false;
}

/* What one node says of a namespace: it may be the host's, or share it */
static bool node_is_in(const struct node_said *said,
		       const struct prefix *prefix)
{
	const struct lc_value *to;
	uint32_t i;

	for (i = 0; i < said->interfaces_count; i++)
		if (list_overlaps(&said->interfaces[i].addresses, prefix))
			return true;
	for (i = 0; i < said->routes_count; i++) {
		to = &said->routes[i].to;
		/* A default route is none of these */
		if (to->ip.family && to->length &&
		    prefix_overlaps(&prefix->ip, prefix->length, &to->ip,
				    to->length))
			return true;
	}
	return list_overlaps(&said->nameservers, prefix);
}

/* A network has the pool that was free when it was made, in the first state */
static bool host_is_in(const struct expansion *e, uint32_t host,
		       const struct prefix *prefix)
{
	const struct life *life;
	uint32_t n;

	for (n = 0; n < e->life_count; n++) {
		life = &e->lives[n];
		if (!life->born && life->said &&
		    node_owner(e, n)->number == host &&
		    node_is_in(life->said, prefix))
			return true;
	}
	return false;
}

static bool network_is_in(const struct network *network,
			  const struct prefix *prefix)
{
	const struct pool *pool;
	uint32_t i;

	for (i = 0; i < network->pool_count; i++) {
		pool = &network->pools[i];
		if (prefix_overlaps(&pool->subnet, pool->length, &prefix->ip,
				    prefix->length))
			return true;
	}
	return false;
}

static bool is_free(const struct networks *networks,
		    const struct network *network, const struct prefix *prefix)
{
	const struct network *other;
	uint32_t i;

	for (i = 0; i < networks->count && !network_is_bridge(network); i++) {
		other = &networks->items[i];
		if (network_space(other) == network_space(network) &&
		    network_is_in(other, prefix))
			return false;
	}
	return network->driver == DRIVER_OVERLAY ||
	       !host_is_in(networks->e, network->host, prefix);
}

/* The first pool is for `bridge` or the swarm alone, even where there is none */
bool default_pool_choose(struct networks *networks,
			 const struct network *network, struct pool *pool)
{
	bool overlay = network->driver == DRIVER_OVERLAY;
	uint32_t i = !network_is_bridge(network);
	struct prefix prefix;

	/* The swarm's are many: those passed over once are so for good */
	if (overlay && networks->next_overlay)
		i = networks->next_overlay;
	for (; i < pools_of(network); i++) {
		prefix = pool_at(network, i);
		if (!is_free(networks, network, &prefix))
			continue;
		if (overlay)
			networks->next_overlay = i + 1;
		pool->subnet = prefix.ip;
		pool->length = prefix.length;
		return true;
	}
	return false;
}
