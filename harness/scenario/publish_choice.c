// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * publish_choice.c - the ports of hosts for published ports that name none
 *
 * They are chosen after those that somebody in the file names, and for every
 * node that the lab ever has: so a container has the same port in every state of
 * the lab, whoever comes and goes beside it.
 *
 * Docker goes through the ports of a container from the highest down, which is
 * why of `-p 90 -p 91` the second has the host's lower port.
 */
#include <stdlib.h>

#include <labcheck/check.h>

#include "network.h"
#include "port_map.h"

/** struct choice - What the whole file publishes */
struct choice {
	struct networks *networks;
	struct port_maps maps;
};

/* The network that publishes what this node has, by what is said of it */
static const struct network *network_said_of(const struct networks *networks,
					     const struct node_said *said)
{
	const struct network *network, *elected;
	uint32_t i;

	elected = network_find(networks, said->network.text);
	for (i = 0; i < said->networks_count; i++) {
		network = network_find(networks, said->networks[i].name.text);
		if (network && network_precedes(network, elected))
			elected = network;
	}
	if (elected && elected->driver == DRIVER_OVERLAY)
		return gateway_find(networks, said);
	return elected;
}

static void item_add(struct arena *arena, struct publish_list *list,
		     const struct lc_value *said, uint32_t offset,
		     uint32_t width)
{
	const struct lc_publish *p = said->publish;
	struct publish_item *item;

	list->items = arena_grow(arena, list->items, list->count,
				 sizeof(*item));
	item = &list->items[list->count];
	item->ports = *p;
	item->ports.first = (uint16_t)(p->first + offset);
	item->ports.last = (uint16_t)(item->ports.first + width - 1);
	item->at = said->at;
	item->number = list->count++;
	/* Whether the host's ports are left to Docker */
	item->open = !p->host_first ||
		     p->host_last - p->host_first != p->last - p->first;
}

/* A range is one item, unless each of its ports gets another of the host's */
static void item_read(struct arena *arena, struct publish_list *list,
		      const struct lc_value *said)
{
	const struct lc_publish *p = said->publish;
	uint32_t i, ports;

	if (!p)
		return;
	ports = (uint32_t)(p->last - p->first) + 1;
	if (p->host_first)
		item_add(arena, list, said, 0, ports);
	for (i = 0; !p->host_first && i < ports; i++)
		item_add(arena, list, said, i, 1);
}

/* As Docker goes through them: the container's highest port first, and of one
 * port those that name the host's before those that don't, the last one first */
static int item_order(const void *a, const void *b)
{
	const struct publish_item *one = a, *other = b;

	if (one->ports.first != other->ports.first)
		return one->ports.first > other->ports.first ? -1 : 1;
	if (one->ports.protocol != other->ports.protocol)
		return one->ports.protocol < other->ports.protocol ? -1 : 1;
	if (one->open != other->open)
		return one->open ? 1 : -1;
	return one->number > other->number ? -1 : 1;
}

static void list_read(struct arena *arena, struct publish_list *list,
		      const struct node_said *said)
{
	uint32_t i;

	for (i = 0; said->publish.items && i < said->publish.count; i++)
		item_read(arena, list, &said->publish.items[i]);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items),
		      item_order);
}

static void list_choose(struct choice *c, const struct network *network,
			struct publish_list *list, bool open)
{
	struct publish_item *item;
	uint32_t i;

	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		if (item->open != open)
			continue;
		if (!open)
			ports_take(&c->maps, network->host, &item->ports);
		else if (!ports_choose(&c->maps, network->host, &item->ports))
			network_problem(c->networks, item->at,
					"all ports are allocated: none is left on %s",
					c->networks->e->plan
						->nodes[network->host].name);
		else
			item->open = false;
	}
}

struct publish_list *publish_choose(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct choice c = { .networks = networks, .maps.arena = e->arena };
	size_t n, count = e->plan->node_count;
	const struct network *network;
	struct publish_list *lists;
	int open;

	lists = arena_alloc(e->arena, count * sizeof(*lists));
	for (n = 0; n < count; n++)
		if (e->lives[n].said)
			list_read(e->arena, &lists[n], e->lives[n].said);
	for (open = 0; open < 2; open++)
		for (n = 0; n < count; n++) {
			if (!lists[n].count)
				continue;
			network = network_said_of(networks, e->lives[n].said);
			if (network && network->host != NO_NODE)
				list_choose(&c, network, &lists[n], open);
		}
	return lists;
}
