// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pools.c - which pools of addresses a network has, and what is set aside
 *
 * A network has those that it says, or one that is chosen for it; whoever
 * says `ipv6: true` must bring one, since there is no such by default.
 * A range begins with its very first address, where that is one that a host of
 * the subnet can have, and that is the gateway unless another is said.
 *
 * Some subnets look like any other and hold no address that a container could
 * have: the kernel would refuse the gateway, or keep what is for it on lo.
 */
#include <stdarg.h>
#include <stdio.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

enum { IPV6_MTU_MIN = 1280 };		/* RFC 8200, 5 */

void network_problem(const struct networks *networks, struct lc_at at,
		     const char *format, ...)
{
	struct lc_problems *problems = networks->e->problems;
	char text[512];
	va_list args;

	if (problems->networks_partial)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	lc_problem(problems, at, "%s", text);
}

static struct pool *pool_add(struct networks *networks,
			     struct network *network,
			     const struct pool_said *said)
{
	struct pool *pool;

	network->pools = arena_grow(networks->e->arena, network->pools,
				    network->pool_count, sizeof(*pool));
	pool = &network->pools[network->pool_count++];
	*pool = (struct pool){
		.said = said, .network = network->number,
		.at = said ? said->subnet.at : network->at,
	};
	if (said) {
		pool->subnet = said->subnet.ip;
		pool->length = said->subnet.length;
	}
	return pool;
}

/* `subnet` and what goes with it as if it were the only one of `ipam` */
static const struct pool_said *pool_of_network(struct arena *arena,
					       const struct network_said *said)
{
	struct pool_said *pool = arena_alloc(arena, sizeof(*pool));

	*pool = (struct pool_said){
		.at = said->at,
		.subnet = said->subnet,
		.ip_range = said->ip_range,
		.gateway = said->gateway,
		.aux_addresses = said->aux_addresses,
		.aux_addresses_count = said->aux_addresses_count,
	};
	return pool;
}

/* What can't be without a subnet, or NULL */
static const struct lc_value *leaning(const struct network_said *said)
{
	if (lc_given(&said->ip_range))
		return &said->ip_range;
	if (lc_given(&said->gateway))
		return &said->gateway;
	return said->aux_addresses_count ? &said->aux_addresses[0].address
					 : NULL;
}

static void shape_verify(struct networks *networks,
			 const struct network_said *said)
{
	const struct lc_value *leans = leaning(said);

	if (said->ipam_count && (lc_given(&said->subnet) || leans))
		network_problem(networks, lc_given(&said->subnet)
						  ? said->subnet.at
						  : leans->at,
				"either `ipam` or `subnet` and what goes with it");
	else if (!said->ipam_count && !lc_given(&said->subnet) && leans)
		network_problem(networks, leans->at,
				"every ip_range, gateway or aux address must have a corresponding subnet");
}

/* What one of a subnet's addresses is to every kernel, or NULL */
static const char *odd_part(const struct lc_value *subnet)
{
	static const struct {
		struct lc_ip ip;
		uint8_t length;
		const char *words;
	} parts[] = {
		{ { .family = AF_INET, .bytes = { 0 } }, 8,
		  "0.0.0.0/8 is nobody's" },
		{ { .family = AF_INET, .bytes = { 127 } }, 8,
		  "127.0.0.0/8 is for lo" },
		{ { .family = AF_INET, .bytes = { 224 } }, 4,
		  "224.0.0.0/4 is for multicast" },
		{ { .family = AF_INET, .bytes = { 255, 255, 255, 255 } }, 32,
		  "255.255.255.255 is for broadcast" },
		{ { .family = AF_INET6, .bytes = { 0 } }, 127,
		  "::1 is for lo" },
		{ { .family = AF_INET6, .bytes = { 0xfe, 0x80 } }, 10,
		  "fe80::/10 is what each interface has by itself" },
		{ { .family = AF_INET6, .bytes = { 0xff } }, 8,
		  "ff00::/8 is for multicast" },
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (prefix_overlaps(&subnet->ip, subnet->length, &parts[i].ip,
				    parts[i].length))
			return parts[i].words;
	return NULL;
}

static void pool_take(struct networks *networks, struct network *network,
		      const struct pool_said *said)
{
	const char *odd;

	if (!said->subnet.ip.family)
		return;
	odd = odd_part(&said->subnet);
	if (odd)
		network_problem(networks, said->subnet.at,
				"no network can have the subnet %s: %s",
				said->subnet.text, odd);
	if (said->subnet.ip.family == AF_INET6 && !network->ipv6) {
		lc_warning(networks->e->problems, said->subnet.at,
			   "an IPv6 subnet is left out: network %s does not say `ipv6: true`",
			   network->name);
		return;
	}
	pool_add(networks, network, said);
}

static void pools_take(struct networks *networks, struct network *network)
{
	const struct network_said *said = network->said;
	uint32_t i;

	if (!said)
		return;
	shape_verify(networks, said);
	if (network->ipv6 && network->mtu && network->mtu < IPV6_MTU_MIN)
		network_problem(networks, said->mtu.at,
				"IPv6 needs an mtu of at least %d, network %s has %u",
				IPV6_MTU_MIN, network->name, network->mtu);
	for (i = 0; i < said->ipam_count; i++)
		pool_take(networks, network, &said->ipam[i]);
	if (!said->ipam_count)
		pool_take(networks, network,
			  pool_of_network(networks->e->arena, said));
}

/* Docker's words, which people look for */
static void pool_choose(struct networks *networks, struct network *network)
{
	struct pool pool = { 0 };

	if (network->host == NO_NODE && network->driver != DRIVER_OVERLAY)
		return;
	if (!network_pool(network, AF_INET)) {
		if (default_pool_choose(networks, network, &pool))
			*pool_add(networks, network, NULL) = (struct pool){
				.at = network->at, .network = network->number,
				.subnet = pool.subnet, .length = pool.length,
			};
		else
			network_problem(networks, network->at,
					"could not find an available, non-overlapping IPv4 address pool "
					"among the defaults to assign to the network %s: give it a `subnet`",
					network->name);
	}
	if (network->ipv6 && !network_pool(network, AF_INET6))
		network_problem(networks, network->said->ipv6.at,
				"could not find an available, non-overlapping IPv6 address pool "
				"among the defaults to assign to the network %s: give it an IPv6 subnet (`ipam`)",
				network->name);
}

/* A bridge has one subnet of each family */
static void pool_count_verify(struct networks *networks,
			      const struct network *network)
{
	const struct pool *pool;
	uint32_t i;

	for (i = 0; network->driver == DRIVER_BRIDGE &&
		    i < network->pool_count; i++) {
		pool = &network->pools[i];
		if (pool != network_pool(network, pool->subnet.family))
			network_problem(networks, pool->at,
					"the bridge driver doesn't support multiple subnets of a family: network %s has one already",
					network->name);
	}
}

static void range_plan(struct networks *networks, struct pool *pool)
{
	const struct lc_value *said = pool->said ? &pool->said->ip_range : NULL;
	char text[PREFIX_TEXT_SIZE];

	pool->range = pool->subnet;
	pool->range_length = pool->length;
	if (!said || !said->ip.family)
		return;
	if (said->length < pool->length ||
	    !prefix_contains(&pool->subnet, pool->length, &said->ip)) {
		network_problem(networks, said->at,
				"the ip_range is not within the subnet %s",
				prefix_format(&pool->subnet, pool->length,
					      text));
		return;
	}
	pool->range = said->ip;
	pool->range_length = said->length;
}

/* The first address of the range that a host of the subnet can have */
static bool range_first(const struct pool *pool, struct lc_ip *ret_ip)
{
	const struct lc_ip *first = &pool->range;
	struct lc_ip second;

	if (!prefix_has_host(&pool->subnet, pool->length, first) ||
	    (first->family == AF_INET6 && ip_equal(first, &pool->subnet))) {
		if (!ip_add(first, 1, &second) ||
		    !prefix_contains(first, pool->range_length, &second))
			return false;
		first = &second;
	}
	*ret_ip = *first;
	return true;
}

static bool address_verify(struct networks *networks, const struct pool *pool,
			   const struct lc_value *said)
{
	char ip[IP_TEXT_SIZE], subnet[PREFIX_TEXT_SIZE];

	if (prefix_has_host(&pool->subnet, pool->length, &said->ip))
		return true;
	network_problem(networks, said->at,
			"%s is no address of network %s (%s)",
			ip_format(&said->ip, ip),
			networks->items[pool->network].name,
			prefix_format(&pool->subnet, pool->length, subnet));
	return false;
}

static void gateway_plan(struct networks *networks, struct pool *pool)
{
	const struct lc_value *said = pool->said ? &pool->said->gateway : NULL;
	const struct network *network = &networks->items[pool->network];

	if (said && said->ip.family) {
		if (!address_verify(networks, pool, said))
			return;
		pool->gateway = said->ip;
	} else if (!range_first(pool, &pool->gateway)) {
		network_problem(networks, pool->at,
				"network %s has no address for its gateway",
				network->name);
		return;
	}
	network_reserve(networks, network, &pool->gateway);
}

static void aux_addresses_plan(struct networks *networks,
			       const struct pool *pool)
{
	const struct network *network = &networks->items[pool->network];
	const struct aux_said *aux;
	uint32_t i;

	for (i = 0; pool->said && i < pool->said->aux_addresses_count; i++) {
		aux = &pool->said->aux_addresses[i];
		if (!aux->address.ip.family ||
		    !address_verify(networks, pool, &aux->address))
			continue;
		if (!network_reserve(networks, network, &aux->address.ip))
			lc_problem(networks->e->problems, aux->address.at,
				   ip_equal(&aux->address.ip, &pool->gateway)
					   ? "%s is the gateway of network %s"
					   : "%s is taken in network %s already",
				   aux->address.text, network->name);
	}
}

static void pool_plan(struct networks *networks, struct pool *pool)
{
	range_plan(networks, pool);
	pool->exhausted = !range_first(pool, &pool->next);
	pool->first = pool->next;
	gateway_plan(networks, pool);
	aux_addresses_plan(networks, pool);
}

void pools_plan(struct networks *networks)
{
	struct network *network;
	uint32_t i, k;

	/* What is written goes first, so that nobody is given it */
	for (i = 0; i < networks->count; i++)
		pools_take(networks, &networks->items[i]);
	/* `bridge` is there before all others */
	for (i = 0; i < networks->count; i++)
		if (network_is_bridge(&networks->items[i]))
			pool_choose(networks, &networks->items[i]);
	for (i = 0; i < networks->count; i++)
		if (!network_is_bridge(&networks->items[i]))
			pool_choose(networks, &networks->items[i]);
	pool_overlaps_verify(networks);
	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		pool_count_verify(networks, network);
		for (k = 0; k < network->pool_count; k++)
			pool_plan(networks, &network->pools[k]);
	}
}
