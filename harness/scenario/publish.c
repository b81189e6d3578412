// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * publish.c - ports of containers that their hosts offer
 *
 * A container is published by the network that has its default route, as in
 * Docker; what can't be published there is discarded, and where Docker says so,
 * or says nothing, there is a warning.
 *
 * Ports that nobody names are chosen first, after those that somebody in the
 * file names, and for every node that the lab ever has: so a container has the
 * same port in every state of the lab, whoever comes and goes beside it.
 *
 * Which ports are taken is a bit each, per host, protocol and address: ranges
 * of ten thousand are common, and two of them must be told apart at once.
 */
#include <string.h>

#include <labcheck/check.h>

#include "docker.h"
#include "network.h"
#include "problems.h"

enum {
	/* The kernel's net.ipv4.ip_local_port_range, whence Docker takes them */
	EPHEMERAL_FIRST = 32768,
	EPHEMERAL_LAST = 60999,
	PORT_WORDS = 65536 / 64,
};

/** struct port_map - Ports that are taken at one address of a host */
struct port_map {
	uint32_t host;
	uint8_t protocol;
	struct lc_ip on;		/* family 0: any */
	uint32_t next;			/* ephemeral one */
	uint64_t taken[PORT_WORDS];
};

struct port_maps {
	struct arena *arena;
	struct port_map **items;
	size_t count;
};

/** struct publisher - All that is published in a state, in the making */
struct publisher {
	struct networks *networks;
	struct port_maps file;		/* of the whole file */
	struct port_maps state;		/* of the state at hand */
	const struct plan_endpoint **elected;	/* of a node; NULL: none */
};

static bool on_overlaps(const struct lc_ip *a, const struct lc_ip *b)
{
	if (!a->family || !b->family)
		return true;
	if (a->family != b->family)
		return false;
	return ip_is_any(a) || ip_is_any(b) || ip_equal(a, b);
}

static struct port_map *map_of(struct port_maps *maps, uint32_t host,
			       const struct lc_publish *p)
{
	struct port_map *map;
	size_t i;

	for (i = 0; i < maps->count; i++) {
		map = maps->items[i];
		if (map->host == host && map->protocol == p->protocol &&
		    ip_equal(&map->on, &p->on))
			return map;
	}
	map = arena_alloc(maps->arena, sizeof(*map));
	map->host = host;
	map->protocol = p->protocol;
	map->on = p->on;
	map->next = EPHEMERAL_FIRST;
	maps->items = arena_grow(maps->arena, maps->items, maps->count,
				 sizeof(map));
	maps->items[maps->count++] = map;
	return map;
}

static bool map_has(const struct port_map *map, uint32_t first, uint32_t last)
{
	uint32_t port;

	for (port = first; port <= last; port++)
		if (map->taken[port / 64] >> port % 64 & 1)
			return true;
	return false;
}

static void map_take(struct port_map *map, uint32_t first, uint32_t last)
{
	uint32_t port;

	for (port = first; port <= last; port++)
		map->taken[port / 64] |= 1ull << port % 64;
}

static bool is_taken(const struct port_maps *maps, uint32_t host,
		     const struct lc_publish *p, uint32_t first, uint32_t last)
{
	const struct port_map *map;
	size_t i;

	for (i = 0; i < maps->count; i++) {
		map = maps->items[i];
		if (map->host == host && map->protocol == p->protocol &&
		    on_overlaps(&map->on, &p->on) && map_has(map, first, last))
			return true;
	}
	return false;
}

/* Whether the host's ports are left to Docker */
static bool is_open(const struct lc_publish *p)
{
	return !p->host_first ||
	       p->host_last - p->host_first != p->last - p->first;
}

/* So many free ones in a row, from @from on; 0: there are none */
static uint32_t free_from(const struct port_maps *maps, uint32_t host,
			  const struct lc_publish *p, uint32_t from,
			  uint32_t end)
{
	uint32_t more = p->last - p->first;

	for (; from + more <= end; from++)
		if (!is_taken(maps, host, p, from, from + more))
			return from;
	return 0;
}

static void port_choose(struct publisher *b, uint32_t host,
			struct lc_publish *p, struct lc_at at)
{
	struct port_map *map = map_of(&b->file, host, p);
	uint32_t first;

	first = p->host_first
			? free_from(&b->file, host, p, p->host_first,
				    p->host_last)
			: free_from(&b->file, host, p, map->next,
				    EPHEMERAL_LAST);
	if (!first) {
		network_problem(b->networks, at,
				"all ports are allocated: none is left on %s",
				b->networks->e->plan->nodes[host].name);
		p->host_first = 0;
		return;
	}
	if (!p->host_first)
		map->next = first + (uint32_t)(p->last - p->first) + 1;
	p->host_first = (uint16_t)first;
	p->host_last = (uint16_t)(first + (uint32_t)(p->last - p->first));
	map_take(map, p->host_first, p->host_last);
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
	return elected;
}

static void said_choose(struct publisher *b, const struct node_said *said,
			struct lc_publish *published, bool open)
{
	const struct network *network = network_said_of(b->networks, said);
	struct lc_publish *p;
	uint32_t i;

	if (!network || network->host == NO_NODE)
		return;
	for (i = 0; i < said->publish.count; i++) {
		p = &published[i];
		if (!p->protocol || is_open(&said->publish.items[i].publish) !=
					    open)
			continue;
		if (open)
			port_choose(b, network->host, p,
				    said->publish.items[i].at);
		else
			map_take(map_of(&b->file, network->host, p),
				 p->host_first, p->host_last);
	}
}

/* What every node publishes, with ports of the host for all of it */
static struct lc_publish **ports_choose(struct publisher *b)
{
	struct expansion *e = b->networks->e;
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
				said_choose(b, e->lives[n].said, published[n],
					    open);
	return published;
}

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
		    !on_overlaps(&p->on, &new->on) || p->last < new->first ||
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

	if (is_taken(&b->state, network->host, p, p->host_first,
		     p->host_last)) {
		clash(b, node, at, &published);
		return;
	}
	map_take(map_of(&b->state, network->host, p), p->host_first,
		 p->host_last);
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
			 const struct lc_publish *published)
{
	const struct node_said *said = b->networks->e->made[node].said;
	const struct lc_value *value = &said->publish.items[0];
	uint32_t i;

	if (is_misplaced(b, node, value->at) ||
	    is_discarded(b, node, value->at))
		return;
	for (i = 0; i < said->publish.count; i++) {
		if (!published[i].host_first)
			continue;
		value = &said->publish.items[i];
		without_proxy(b, node, &published[i], value->at);
		published_add(b, node, &published[i], value->at);
	}
}

void publish_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct publisher b = {
		.networks = networks,
		.file.arena = e->arena,
		.state.arena = e->arena,
	};
	struct lc_publish **published = ports_choose(&b);
	size_t n;

	endpoints_elect(&b);
	for (n = 0; n < e->plan->node_count; n++)
		if (published[n] && !e->plan->nodes[n].absent)
			node_publish(&b, (uint32_t)n, published[n]);
}

void publish_verify(struct expansion *e)
{
	const struct plan_published *p;
	char on[IP_TEXT_SIZE];
	size_t i;

	for (i = 0; i < e->plan->published_count; i++) {
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
