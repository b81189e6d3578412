// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etc.c - what programs of a node find in /etc about names
 *
 * As Docker writes it.  In a container /etc/hosts has the container's address
 * beside its id, never beside its name: by that it is found by others alone,
 * and only where a resolver knows it.  That resolver is at 127.0.0.11 in each
 * container of a network with names; elsewhere resolv.conf is a copy of the
 * host's.  A loopback address in it would lead into the container itself, so
 * it is left out, and if nothing is left two public servers take its place.
 *
 * What Docker does not take back stays: a container that was once in a network
 * with names goes on to ask 127.0.0.11, and one that has left a network has
 * lost its own lines in /etc/hosts, also that of the network in which it
 * still is.
 */
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

enum { ASKED_MAX = 3 };			/* MAXNS of the C library */

static const char loopback_hosts[] =
	"127.0.0.1\tlocalhost\n"
	"::1\tlocalhost ip6-localhost ip6-loopback\n"
	"fe00::0\tip6-localnet\n"
	"ff00::0\tip6-mcastprefix\n"
	"ff02::1\tip6-allnodes\n"
	"ff02::2\tip6-allrouters\n";

static const struct lc_ip public_servers[] = {
	{ .family = AF_INET, .bytes = { 8, 8, 8, 8 } },
	{ .family = AF_INET, .bytes = { 8, 8, 4, 4 } },
};

#define NO_ENDPOINT UINT32_MAX

/**
 * struct etc - The files while they are written
 * @first:	Of a node: its first endpoint; NO_ENDPOINT: none
 * @next:	Of an endpoint: the next one of its node
 * @born:	Of an endpoint: the state in which it came
 * @left:	Of a node: the last state in which it left a network
 * @named:	Of a node: one that it has left had names
 */
struct etc {
	struct expansion *e;
	uint32_t *first, *next, *born, *left;
	bool *named;
};

/** struct servers - Whom to ask */
struct servers {
	struct lc_ip *items;
	size_t count;
};

static void server_add(struct expansion *e, struct servers *servers,
		       const struct lc_ip *ip)
{
	servers->items = arena_grow(e->arena, servers->items, servers->count,
				    sizeof(*servers->items));
	servers->items[servers->count++] = *ip;
}

/* Or it has been made one: by a step that connected it, or once had */
static bool is_container(const struct etc *etc, uint32_t node)
{
	const struct node_said *said = etc->e->made[node].said;
	const struct plan_names *before = etc->e->lives[node].files;

	return said && (said->network.text || said->networks_count ||
			etc->first[node] != NO_ENDPOINT ||
			(before && before->embedded));
}

/* The node that carries a container, or NO_NODE */
static uint32_t carrier_of(const struct etc *etc, uint32_t node)
{
	const struct node_said *said = etc->e->made[node].said;
	const struct plan *plan = etc->e->plan;
	uint32_t i = etc->first[node];

	if (i != NO_ENDPOINT)
		return plan->endpoints[i].host;
	return node_number(etc->e, said->on->text ? said->on->text : "host");
}

/* What the file says of the node itself, else of the one that carries it */
static struct servers servers_said(const struct etc *etc, uint32_t node)
{
	const struct node_said *said = etc->e->made[node].said;
	struct expansion *e = etc->e;
	struct servers servers = { 0 };
	uint32_t carrier;

	if (is_container(etc, node) && !said->nameservers.count) {
		carrier = carrier_of(etc, node);
		if (carrier == NO_NODE)
			return servers;
		said = e->made[node_owner(e, carrier)->number].said;
	}
	for (uint32_t i = 0; said && said->nameservers.items &&
			     i < said->nameservers.count; i++)
		if (said->nameservers.items[i].ip.family)
			server_add(e, &servers, &said->nameservers.items[i].ip);
	return servers;
}

/* Those that a container is given */
static struct servers servers_filter(struct expansion *e,
				     const struct servers *said,
				     bool loopback, bool ipv6)
{
	struct servers servers = { 0 };

	for (size_t i = 0; i < said->count; i++)
		if ((loopback || !ip_is_loopback(&said->items[i])) &&
		    (ipv6 || said->items[i].family == AF_INET))
			server_add(e, &servers, &said->items[i]);
	if (!servers.count)
		for (size_t i = 0; i < 2; i++)
			server_add(e, &servers, &public_servers[i]);
	return servers;
}

/* Whether a container of it finds others by name */
static bool has_names(const struct etc *etc, uint32_t node)
{
	const struct plan *plan = etc->e->plan;
	uint32_t i;

	if (etc->named[node])
		return true;
	for (i = etc->first[node]; i != NO_ENDPOINT; i = etc->next[i])
		if (plan->networks[plan->endpoints[i].network].dns)
			return true;
	return false;
}

static const char *resolv_conf(struct expansion *e,
			       const struct plan_names *names)
{
	const char *text = "";
	char ip[IP_TEXT_SIZE];

	if (names->embedded)
		return "nameserver 127.0.0.11\noptions ndots:0\n";
	for (size_t i = 0; i < names->server_count; i++)
		text = arena_printf(e->arena, "%snameserver %s\n", text,
				    ip_format(&names->servers[i], ip));
	return text;
}

static const char *line_add(struct expansion *e, const char *text,
			    const struct lc_ip *ip, const char *id)
{
	char ip_text[IP_TEXT_SIZE];

	if (!ip->family)
		return text;
	return arena_printf(e->arena, "%s%s\t%s\n", text,
			    ip_format(ip, ip_text), id);
}

static const char *hosts(const struct etc *etc, uint32_t node)
{
	const char *text = loopback_hosts;
	const struct plan_endpoint *end;
	uint32_t i;

	for (i = etc->first[node]; i != NO_ENDPOINT; i = etc->next[i]) {
		end = &etc->e->plan->endpoints[i];
		if (etc->born[i] < etc->left[node])
			continue;
		text = line_add(etc->e, text, &end->ip, end->id);
		text = line_add(etc->e, text, &end->ip6, end->id);
	}
	return text;
}

static void nameservers_verify(struct expansion *e, uint32_t node)
{
	const struct node_said *said = e->made[node].said;
	const struct plan_node *n = &e->plan->nodes[node];
	struct lc_at at;

	if (!said || !said->nameservers.items || !said->nameservers.count)
		return;
	at = said->nameservers.items[0].at;
	if (n->kind == NODE_SHARED)
		node_problem(e, node, at,
			     "%s finds the files of %s in /etc: say there whom to ask",
			     n->name, n->owner->name);
	else if (n->kind == NODE_ADOPTED)
		node_problem(e, node, at,
			     "%s is adopted (netns) and never configured: it can't have `nameservers`",
			     n->name);
	else if (said->nameservers.count > ASKED_MAX && e->made[node].first)
		lc_warning(e->problems, at,
			   "of %u name servers, programs ask the first %d",
			   said->nameservers.count, ASKED_MAX);
}

static const struct plan_network *network_called(const struct plan *plan,
						 const char *name)
{
	for (size_t i = 0; name && i < plan->network_count; i++)
		if (!strcmp(plan->networks[i].name, name))
			return &plan->networks[i];
	return NULL;
}

static bool network_has_names(const struct plan *plan, const char *name)
{
	const struct plan_network *network = network_called(plan, name);

	return network && network->dns;
}

/* Docker: "network-scoped aliases are only supported for user-defined
 * networks" */
static void aliases_verify(const struct expansion *e)
{
	for (uint32_t i = 0; i < e->connection_count; i++) {
		const struct connection *c = &e->connections[i];
		const struct attachment_said *said = c->said;

		if (c->born != e->state || !said->aliases.count ||
		    !said->aliases.items || !said->name.text ||
		    !e->made[c->node].first ||
		    !network_called(e->plan, said->name.text) ||
		    network_has_names(e->plan, said->name.text))
			continue;
		lc_problem(e->problems, said->aliases.items[0].at,
			   "nobody finds %s by an alias: network %s has no names",
			   e->plan->nodes[c->node].name, said->name.text);
	}
}

static void files_plan(const struct etc *etc, struct plan_node *node)
{
	struct servers servers = servers_said(etc, node->number);
	struct expansion *e = etc->e;
	struct plan_names *names = arena_alloc(e->arena, sizeof(*names));
	const struct plan_names *before;

	if (is_container(etc, node->number)) {
		/* Once it has the embedded one, it stays */
		before = e->lives[node->number].files;
		names->embedded = has_names(etc, node->number) ||
				  (before && before->embedded);
		servers = servers_filter(e, &servers, names->embedded,
					 node->ipv6 && !names->embedded);
	}
	names->servers = servers.items;
	names->server_count = servers.count;
	names->hosts = hosts(etc, node->number);
	names->resolv_conf = resolv_conf(e, names);
	node->files = names;
}

/* What has been: endpoints stand in the order of their connections */
static void history_index(struct etc *etc)
{
	const struct expansion *e = etc->e;
	const struct plan *plan = e->plan;
	size_t end = 0;

	for (uint32_t i = 0; i < e->connection_count; i++) {
		const struct connection *c = &e->connections[i];

		if (c->gone <= e->state) {
			if (etc->left[c->node] < c->gone)
				etc->left[c->node] = c->gone;
			etc->named[c->node] |= network_has_names(
				plan, c->said->name.text);
		} else if (end < plan->endpoint_count &&
			   plan->endpoints[end].node == c->node &&
			   plan->endpoints[end].ifindex == c->eth_ifindex) {
			etc->born[end++] = c->born;
		}
	}
}

static struct etc etc_index(struct expansion *e)
{
	const struct plan *plan = e->plan;
	size_t nodes = plan->node_count, ends = plan->endpoint_count;
	struct etc etc = {
		.e = e,
		.first = arena_alloc(e->scratch, nodes * sizeof(*etc.first)),
		.left = arena_alloc(e->scratch, nodes * sizeof(*etc.left)),
		.named = arena_alloc(e->scratch, nodes * sizeof(*etc.named)),
		.next = arena_alloc(e->scratch, ends * sizeof(*etc.next)),
		.born = arena_alloc(e->scratch, ends * sizeof(*etc.born)),
	};

	for (size_t n = 0; n < nodes; n++)
		etc.first[n] = NO_ENDPOINT;
	/* From behind, so that they are found in the order of connecting */
	for (uint32_t i = (uint32_t)ends; i-- > 0;) {
		etc.next[i] = etc.first[plan->endpoints[i].node];
		etc.first[plan->endpoints[i].node] = i;
	}
	history_index(&etc);
	return etc;
}

void etc_plan(struct expansion *e)
{
	struct plan_node *nodes = e->plan->nodes;
	struct etc etc = etc_index(e);
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++) {
		nameservers_verify(e, n);
		if (nodes[n].absent)
			/* For those that live on in its namespace */
			nodes[n].files = e->lives[n].files;
		else if (nodes[n].kind == NODE_OWN)
			files_plan(&etc, &nodes[n]);
		e->lives[n].files = nodes[n].files;
	}
	aliases_verify(e);
	for (n = 0; n < e->plan->node_count; n++)
		nodes[n].files = nodes[n].owner->files;
	if (!e->state)
		e->asks = somebody_asks(e);
	e->plan->names = e->asks;
}
