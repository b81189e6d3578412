// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pools.c - which subnet a network has, and which addresses it hands out
 *
 * As Docker's default address manager: `bridge` has 172.17.0.0/16, others get
 * the next of 172.18.0.0/16 to 172.31.0.0/16 and 192.168.0.0/20 to
 * 192.168.240.0/20 that their host has nothing in; addresses are handed out
 * lowest first.  An ip_range begins with its very first address, where that is
 * one that a host of the subnet can have.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

enum {
	POOL_COUNT = 15 + 16,
};

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

/* The pools in their order, the one of `bridge` first */
static void pool_of(unsigned int i, struct lc_ip *subnet, uint8_t *length)
{
	uint32_t address;

	if (i < 15) {
		address = 172u << 24 | (17 + i) << 16;
		*length = 16;
	} else {
		address = 192u << 24 | 168u << 16 | (i - 15) << 12;
		*length = 20;
	}
	memset(subnet, 0, sizeof(*subnet));
	subnet->family = AF_INET;
	subnet->v4.s_addr = htonl(address);
}

/* Whether an address that is written under the host's interfaces is in it */
static bool host_has(const struct expansion *e, uint32_t host,
		     const struct lc_ip *subnet, uint8_t length)
{
	const struct node_said *said = e->made[host].said;
	const struct lc_list *addresses;
	uint32_t i, k;

	for (i = 0; said && i < said->interfaces_count; i++) {
		addresses = &said->interfaces[i].addresses;
		for (k = 0; addresses->items && k < addresses->count; k++)
			if (prefix_overlaps(subnet, length,
					    &addresses->items[k].ip,
					    addresses->items[k].length))
				return true;
	}
	return false;
}

static bool pool_is_free(const struct networks *networks, uint32_t host,
			 const struct lc_ip *subnet, uint8_t length)
{
	const struct network *other;
	uint32_t i;

	for (i = 0; i < networks->count; i++) {
		other = &networks->items[i];
		if (other->host == host &&
		    prefix_overlaps(subnet, length, &other->subnet,
				    other->length))
			return false;
	}
	return !host_has(networks->e, host, subnet, length);
}

static void subnet_take(struct networks *networks, struct network *network)
{
	const struct lc_value *said = network->said ? &network->said->subnet
						    : NULL;

	if (!said || !said->ip.family)
		return;
	if (said->ip.family != AF_INET)
		lc_problem(networks->e->problems, said->at,
			   "networks with IPv6 are not built yet");
	network->subnet = said->ip;
	network->length = said->length;
}

static void subnet_choose(struct networks *networks, struct network *network)
{
	struct lc_ip subnet;
	uint8_t length;
	unsigned int i;

	/* 172.17.0.0/16 is for `bridge` alone, even where it is not made */
	if (!strcmp(network->name, "bridge")) {
		pool_of(0, &network->subnet, &network->length);
		return;
	}
	for (i = 1; i < POOL_COUNT; i++) {
		pool_of(i, &subnet, &length);
		if (!pool_is_free(networks, network->host, &subnet, length))
			continue;
		network->subnet = subnet;
		network->length = length;
		return;
	}
	network_problem(networks, network->at,
		   "no subnet is left for network %s: give it one (`subnet`)",
		   network->name);
}

/* By host, then as addresses go, the wider one first */
static int subnet_order(const void *a, const void *b)
{
	const struct network *one = *(const struct network *const *)a;
	const struct network *other = *(const struct network *const *)b;
	int order;

	if (one->host != other->host)
		return one->host < other->host ? -1 : 1;
	order = ip_compare(&one->subnet, &other->subnet);
	if (order)
		return order;
	if (one->length != other->length)
		return one->length < other->length ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

/* Prefixes overlap only if one holds the other.  In this order, it then comes
 * before it with none that ends in between. */
static void overlaps_verify(const struct networks *networks)
{
	struct arena *arena = networks->e->arena;
	const struct network **order, *wide = NULL, *network, *later, *earlier;
	uint32_t i;

	order = arena_alloc(arena, networks->count * sizeof(*order));
	for (i = 0; i < networks->count; i++)
		order[i] = &networks->items[i];
	qsort(order, networks->count, sizeof(*order), subnet_order);
	for (i = 0; i < networks->count; i++) {
		network = order[i];
		if (!wide || wide->host != network->host ||
		    !prefix_overlaps(&wide->subnet, wide->length,
				     &network->subnet, network->length)) {
			wide = network;
			continue;
		}
		later = wide->number > network->number ? wide : network;
		earlier = later == wide ? network : wide;
		network_problem(networks,
			   later->said ? later->said->subnet.at : later->at,
			   "the subnet of network %s overlaps with that of %s",
			   later->name, earlier->name);
	}
}

static void range_plan(struct networks *networks, struct network *network)
{
	const struct lc_value *said = network->said ? &network->said->ip_range
						    : NULL;
	char text[PREFIX_TEXT_SIZE];

	network->range = network->subnet;
	network->range_length = network->length;
	if (!said || !said->ip.family)
		return;
	if (said->length < network->length ||
	    !prefix_contains(&network->subnet, network->length, &said->ip)) {
		network_problem(networks, said->at,
			   "the ip_range is not within the subnet %s",
			   prefix_format(&network->subnet, network->length,
					 text));
		return;
	}
	network->range = said->ip;
	network->range_length = said->length;
}

/* The first address of the range that a host of the subnet can have */
static bool range_first(const struct network *network, struct lc_ip *ret_ip)
{
	const struct lc_ip *first = &network->range;
	struct lc_ip second;

	if (!prefix_has_host(&network->subnet, network->length, first) ||
	    (first->family == AF_INET6 && ip_equal(first, &network->subnet))) {
		if (!ip_add(first, 1, &second) ||
		    !prefix_contains(first, network->range_length, &second))
			return false;
		first = &second;
	}
	*ret_ip = *first;
	return true;
}

static bool address_verify(struct networks *networks,
			   const struct network *network,
			   const struct lc_value *said)
{
	char ip[IP_TEXT_SIZE], subnet[PREFIX_TEXT_SIZE];

	if (prefix_has_host(&network->subnet, network->length, &said->ip))
		return true;
	network_problem(networks, said->at,
		   "%s is no address of network %s (%s)",
		   ip_format(&said->ip, ip), network->name,
		   prefix_format(&network->subnet, network->length, subnet));
	return false;
}

static void gateway_plan(struct networks *networks, struct network *network)
{
	const struct lc_value *said = network->said ? &network->said->gateway
						    : NULL;

	if (said && said->ip.family) {
		if (!address_verify(networks, network, said))
			return;
		network->gateway = said->ip;
	} else if (!range_first(network, &network->gateway)) {
		network_problem(networks, network->at,
			   "network %s has no address for its gateway",
			   network->name);
		return;
	}
	network_reserve(networks, network, &network->gateway);
}

static void aux_addresses_plan(struct networks *networks,
			       const struct network *network)
{
	const struct aux_said *aux;
	uint32_t i;

	for (i = 0; network->said && i < network->said->aux_addresses_count;
	     i++) {
		aux = &network->said->aux_addresses[i];
		if (!aux->address.ip.family ||
		    !address_verify(networks, network, &aux->address))
			continue;
		if (!network_reserve(networks, network, &aux->address.ip))
			lc_problem(networks->e->problems, aux->address.at,
				   "%s is taken in network %s already",
				   aux->address.text, network->name);
	}
}

bool network_reserve(struct networks *networks, const struct network *network,
		     const struct lc_ip *ip)
{
	return keys_add(networks->taken, network->number, ip->bytes,
			ip_bits(ip->family) / 8, 0);
}

bool network_allocate(struct networks *networks, struct network *network,
		      struct lc_ip *ret_ip)
{
	struct lc_ip ip;

	while (!network->exhausted) {
		ip = network->next;
		if (!prefix_contains(&network->range, network->range_length,
				     &ip))
			break;
		network->exhausted = !ip_add(&ip, 1, &network->next);
		if (!prefix_has_host(&network->subnet, network->length, &ip) ||
		    !network_reserve(networks, network, &ip))
			continue;
		*ret_ip = ip;
		return true;
	}
	network->exhausted = true;
	return false;
}

void pools_plan(struct networks *networks)
{
	struct network *network;
	uint32_t i;

	/* What is written goes first, so that nobody is given it */
	for (i = 0; i < networks->count; i++)
		subnet_take(networks, &networks->items[i]);
	for (i = 0; i < networks->count; i++)
		if (!networks->items[i].subnet.family &&
		    networks->items[i].host != NO_NODE)
			subnet_choose(networks, &networks->items[i]);
	overlaps_verify(networks);
	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		if (!network->subnet.family)
			continue;
		range_plan(networks, network);
		network->exhausted = !range_first(network, &network->next);
		gateway_plan(networks, network);
		aux_addresses_plan(networks, network);
	}
}
