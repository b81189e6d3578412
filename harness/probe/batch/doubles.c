// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * doubles.c - which addresses more than one node of the lab has
 *
 * What is sent to such an address may come to all of them, as where a switch floods
 * it, and an answer by one looks like that of another.  Few labs have any, and so
 * they are looked for once a batch: a hundred nodes that all ask each other would
 * else be compared a million times.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/doubles.h"
#include "scenario/address.h"

/** struct held - An address of the plan, and the number of its holder */
struct held {
	struct lc_ip ip;
	size_t node;
};

/** struct doubles - In order */
struct doubles {
	size_t count;
	struct held list[];
};

static int held_order(const void *a, const void *b)
{
	const struct held *one = a, *other = b;
	int order = ip_compare(&one->ip, &other->ip);

	return order ?: (one->node > other->node) - (one->node < other->node);
}

static size_t count_all(const struct plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->node_count; i++)
		for (size_t k = 0; k < plan->nodes[i].interface_count; k++)
			count += plan->nodes[i].interfaces[k].address_count;
	return count;
}

static void add_all(struct doubles *d, const struct plan_node *node, size_t n)
{
	for (size_t k = 0; k < node->interface_count; k++) {
		const struct plan_interface *f = &node->interfaces[k];

		for (size_t i = 0; i < f->address_count; i++)
			if (!ip_is_loopback(&f->addresses[i].ip))
				d->list[d->count++] = (struct held){
					f->addresses[i].ip, n,
				};
	}
}

/* What stands beside the same address of another node stays */
static void keep_doubles(struct doubles *d)
{
	size_t kept = 0;

	for (size_t i = 1; i < d->count; i++)
		if (ip_equal(&d->list[i - 1].ip, &d->list[i].ip) &&
		    d->list[i - 1].node != d->list[i].node)
			d->list[kept++] = d->list[i];
	d->count = kept;
}

static struct doubles *doubles_of(struct lc_batch *b)
{
	const struct plan *plan = b->lab->plan;

	if (b->doubles)
		return b->doubles;
	b->doubles = calloc(1, sizeof(*b->doubles) +
				       count_all(plan) * sizeof(struct held));
	if (!b->doubles)
		return NULL;
	for (size_t i = 0; i < plan->node_count; i++)
		add_all(b->doubles, &plan->nodes[i], i);
	qsort(b->doubles->list, b->doubles->count, sizeof(struct held),
	      held_order);
	keep_doubles(b->doubles);
	return b->doubles;
}

bool address_is_doubled(struct lc_batch *b, const struct lc_ip *ip)
{
	const struct doubles *d = doubles_of(b);

	for (size_t i = 0; d && i < d->count; i++)
		if (ip_equal(&d->list[i].ip, ip))
			return true;
	return !d;
}

void doubles_free(struct lc_batch *b)
{
	free(b->doubles);
	b->doubles = NULL;
}
