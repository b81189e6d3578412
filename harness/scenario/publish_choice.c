// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * publish_choice.c - the ports of hosts for published ports that name none
 *
 * They are chosen after those that somebody in the file names, and for every
 * node that the lab ever has: so a container has the same port in every state of
 * the lab, whoever comes and goes beside it.
 */
#include <labcheck/check.h>

#include "network.h"
#include "port_map.h"

/** struct choice - What the whole file publishes */
struct choice {
	struct networks *networks;
	struct port_maps maps;
};

/* Whether the host's ports are left to Docker */
static bool is_open(const struct lc_publish *p)
{
	return !p->host_first ||
	       p->host_last - p->host_first != p->last - p->first;
}

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

/* It is as if it were not published, so that this is told alone */
static void none_left(struct choice *c, const struct network *network,
		      struct lc_publish *p, struct lc_at at)
{
	network_problem(c->networks, at,
			"all ports are allocated: none is left on %s",
			c->networks->e->plan->nodes[network->host].name);
	p->host_first = 0;
}

static void said_choose(struct choice *c, const struct node_said *said,
			struct lc_publish *published, bool open)
{
	const struct network *network = network_said_of(c->networks, said);
	struct lc_publish *p;
	uint32_t i;

	if (!network || network->host == NO_NODE)
		return;
	for (i = 0; i < said->publish.count; i++) {
		p = &published[i];
		if (!p->protocol || is_open(&said->publish.items[i].publish) !=
					    open)
			continue;
		if (!open)
			ports_take(&c->maps, network->host, p);
		else if (!ports_choose(&c->maps, network->host, p))
			none_left(c, network, p, said->publish.items[i].at);
	}
}

struct lc_publish **publish_choose(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct choice c = { .networks = networks, .maps.arena = e->arena };
	size_t n, count = e->plan->node_count;
	struct lc_publish **published;
	const struct node_said *said;
	uint32_t i;
	int open;

	published = arena_alloc(e->arena, count * sizeof(*published));
	for (n = 0; n < count; n++) {
		said = e->lives[n].said;
		if (!said || !said->publish.items)
			continue;
		published[n] = arena_alloc(e->arena, said->publish.count *
						     sizeof(**published));
		for (i = 0; i < said->publish.count; i++)
			published[n][i] = said->publish.items[i].publish;
	}
	for (open = 0; open < 2; open++)
		for (n = 0; n < count; n++)
			if (published[n])
				said_choose(&c, e->lives[n].said, published[n],
					    open);
	return published;
}
