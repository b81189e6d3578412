// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pool_overlap.c - pools of addresses that another one holds
 *
 * A packet for an address of both would leave by one of two bridges, whichever
 * was made first.  With the host's own addresses a pool may overlap, since Docker
 * lets it.
 */
#include <stdlib.h>

#include <labcheck/check.h>

#include "network.h"

uint32_t network_space(const struct network *network)
{
	return network->driver == DRIVER_OVERLAY ? NO_NODE - 1 : network->host;
}

/** struct pool_place - A pool among those that must not overlap */
struct pool_place {
	struct pool *pool;
	uint32_t space;
	uint32_t number;		/* in the order of the file */
};

/* By who shares them, then as addresses go, the wider one first */
static int pool_order(const void *a, const void *b)
{
	const struct pool_place *one = a, *other = b;
	int order;

	if (one->space != other->space)
		return one->space < other->space ? -1 : 1;
	order = ip_compare(&one->pool->subnet, &other->pool->subnet);
	if (order)
		return order;
	if (one->pool->length != other->pool->length)
		return one->pool->length < other->pool->length ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

static void overlap_tell(const struct networks *networks,
			 const struct pool_place *a,
			 const struct pool_place *b)
{
	struct pool *later = (a->number > b->number ? a : b)->pool;
	const struct pool *earlier = later == a->pool ? b->pool : a->pool;
	const struct network *network = &networks->items[later->network];

	later->overlaps = true;
	if (later->network == earlier->network)
		network_problem(networks, later->at,
				"multiple overlapping subnet configuration is not supported (network %s)",
				network->name);
	else
		network_problem(networks, later->at,
				"the subnet of network %s overlaps with that of %s",
				network->name,
				networks->items[earlier->network].name);
}

static struct pool_place *pools_list(const struct networks *networks,
				     uint32_t *ret_count)
{
	struct pool_place *list = NULL;
	uint32_t i, k, count = 0;

	for (i = 0; i < networks->count; i++)
		for (k = 0; k < networks->items[i].pool_count; k++) {
			list = arena_grow(networks->e->arena, list, count,
					  sizeof(*list));
			list[count] = (struct pool_place){
				.pool = &networks->items[i].pools[k],
				.space = network_space(&networks->items[i]),
				.number = count,
			};
			count++;
		}
	*ret_count = count;
	return list;
}

/* Prefixes overlap only if one holds the other.  In this order, it then comes
 * before it with none that ends in between. */
void pool_overlaps_verify(const struct networks *networks)
{
	const struct pool_place *wide = NULL;
	struct pool_place *list;
	uint32_t i, count;

	list = pools_list(networks, &count);
	if (count)
		qsort(list, count, sizeof(*list), pool_order);
	for (i = 0; i < count; i++) {
		if (wide && wide->space == list[i].space &&
		    prefix_overlaps(&wide->pool->subnet, wide->pool->length,
				    &list[i].pool->subnet,
				    list[i].pool->length))
			overlap_tell(networks, wide, &list[i]);
		else
			wide = &list[i];
	}
}
