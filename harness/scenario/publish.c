// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * publish.c - ports of containers that their hosts offer
 *
 * A container is published by the network that has its default route, as in
 * Docker; what can't be published there is discarded, and where Docker says so,
 * or says nothing, there is a warning.
 *
 * Two can't have one port of a host; with another protocol or at another address
 * it is another port.
 */
#include <string.h>

#include <labcheck/check.h>

#include "docker.h"
#include "network.h"
#include "port_map.h"

/** struct publisher - All that is published in a state, in the making */
struct publisher {
	struct networks *networks;
	struct port_maps taken;
	const struct plan_endpoint **elected;	/* of a node; NULL: none */
};

/* Of a node its endpoint in the network that has its default route */
static void endpoints_elect(struct publisher *b)
{
	const struct plan *plan = b->networks->e->plan;
	const struct network *items = b->networks->items;
	const struct plan_endpoint *endpoint, **elected;
	size_t i;

	b->elected = arena_alloc(plan->arena,
				 plan->node_count * sizeof(*b->elected));
	for (i = 0; i < plan->endpoint_count; i++) {
		endpoint = &plan->endpoints[i];
		elected = &b->elected[endpoint->node];
		if (!*elected || network_precedes(&items[endpoint->network],
						  &items[(*elected)->network]))
			*elected = endpoint;
	}
}

static void clash(struct publisher *b, uint32_t node, struct lc_at at,
		  const struct plan_published *new)
{
	const struct plan *plan = b->networks->e->plan;
	const struct plan_published *p;
	char on[IP_TEXT_SIZE] = "0.0.0.0";
	size_t i;

	if (new->on.family)
		ip_format(&new->on, on);
	for (i = 0; i < plan->published_count; i++) {
		p = &plan->published[i];
		if (p->host != new->host || p->protocol != new->protocol ||
		    !port_on_overlaps(&p->on, &new->on) || p->last < new->first ||
		    p->first > new->last)
			continue;
		network_problem(b->networks, at,
				"bind for %s:%u failed: port is already allocated, to %s (line %u)",
				on, p->first > new->first ? p->first : new->first,
				p->container == node
					? "itself"
					: plan->nodes[p->container].name,
				p->at.line);
		return;
	}
}

static void published_add(struct publisher *b, uint32_t node,
			  const struct lc_publish *p, struct lc_at at)
{
	const struct plan_endpoint *endpoint = b->elected[node];
	const struct network *network =
		&b->networks->items[endpoint->network];
	struct plan *plan = b->networks->e->plan;
	struct plan_published published = {
		.at = at, .host = network->host,
		.network = network->number, .container = node,
		.protocol = p->protocol, .on = p->on, .to = endpoint->ip,
		.first = p->host_first, .last = p->host_last,
		.to_first = p->first, .to_last = p->last,
		.proxy = docker_of(b->networks->e, network->host)
				 .userland_proxy,
	};

	if (ports_are_taken(&b->taken, network->host, p)) {
		clash(b, node, at, &published);
		return;
	}
	ports_take(&b->taken, network->host, p);
	plan->published = arena_grow(plan->arena, plan->published,
				     plan->published_count, sizeof(published));
	plan->published[plan->published_count++] = published;
}

/* Where Docker publishes nothing, and says so or not */
static bool is_discarded(struct publisher *b, uint32_t node, struct lc_at at)
{
	struct expansion *e = b->networks->e;
	const struct node_said *said = e->made[node].said;
	const struct plan_endpoint *endpoint = b->elected[node];
	const struct network *network;

	if (said->network.text && !strcmp(said->network.text, "host")) {
		node_warning(e, node, at,
			     "published ports are discarded when using host network mode");
		return true;
	}
	if (said->network.text && !strcmp(said->network.text, "none")) {
		node_warning(e, node, at,
			     "published ports are discarded: %s has no network",
			     e->plan->nodes[node].name);
		return true;
	}
	if (!endpoint)
		return true;
	network = &b->networks->items[endpoint->network];
	if (network->internal)
		node_warning(e, node, at,
			     "published ports are discarded: network %s is internal",
			     network->name);
	else if (network->driver == DRIVER_MACVLAN)
		node_warning(e, node, at,
			     "published ports are discarded: in network %s, a macvlan, %s is reached at its own address",
			     network->name, e->plan->nodes[node].name);
	else
		return network->host == NO_NODE || !endpoint->ip.family;
	return true;
}

/* `publish` where there is no container of one's own */
static bool is_misplaced(struct publisher *b, uint32_t node, struct lc_at at)
{
	struct expansion *e = b->networks->e;
	const struct node_said *said = e->made[node].said;
	const char *name = e->plan->nodes[node].name;

	if (e->plan->nodes[node].kind == NODE_ADOPTED)
		node_problem(e, node, at,
			     "%s is adopted (netns) and never configured: it can't have `publish`",
			     name);
	else if (said->network.text &&
		 !strncmp(said->network.text, "container:", 10))
		node_problem(e, node, at,
			     "conflicting options: port publishing and the container type network mode");
	else if (!said->network.text && !said->networks_count)
		node_lacks(e, node, at,
			   "`publish` is for containers: %s is in no network",
			   name);
	else
		return false;
	return true;
}

static void without_proxy(struct publisher *b, uint32_t node,
			  const struct lc_publish *p, struct lc_at at)
{
	const struct network *network =
		&b->networks->items[b->elected[node]->network];

	if (p->on.family == AF_INET6 &&
	    !docker_of(b->networks->e, network->host).userland_proxy)
		node_warning(b->networks->e, node, at,
			     "without its proxy Docker publishes nothing at an IPv6 address");
}

static void node_publish(struct publisher *b, uint32_t node,
			 const struct publish_list *list)
{
	const struct node_said *said = b->networks->e->made[node].said;
	struct lc_at at = said->publish.items[0].at;
	const struct publish_item *item;
	uint32_t i;

	if (is_misplaced(b, node, at) || is_discarded(b, node, at))
		return;
	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		if (item->open)
			continue;
		without_proxy(b, node, &item->ports, item->at);
		published_add(b, node, &item->ports, item->at);
	}
}

void publish_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct publisher b = {
		.networks = networks,
		.taken.arena = e->arena,
	};
	const struct publish_list *lists = publish_choose(networks);
	size_t n;

	endpoints_elect(&b);
	for (n = 0; n < e->plan->node_count; n++)
		if (lists[n].count && !e->plan->nodes[n].absent)
			node_publish(&b, (uint32_t)n, &lists[n]);
}

void publish_verify(struct expansion *e)
{
	const struct plan_published *p;
	char on[IP_TEXT_SIZE];
	size_t i;

	/* A step before may have given it to the host */
	for (i = 0; !e->unsure && i < e->plan->published_count; i++) {
		p = &e->plan->published[i];
		if (!p->on.family || ip_is_any(&p->on) ||
		    ip_is_loopback(&p->on) ||
		    keys_find(e->addresses, p->host, p->on.bytes,
			      ip_bits(p->on.family) / 8, NULL))
			continue;
		node_lacks(e, p->container, p->at,
			   "bind for %s:%u failed: cannot assign requested address: %s does not have it",
			   ip_format(&p->on, on), p->first,
			   e->plan->nodes[p->host].name);
	}
}
