// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nodes.c - which nodes the lab has, and whose namespace each lives in
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

__attribute__((format(printf, 4, 0)))
static void tell(struct expansion *e, uint32_t node, struct lc_at at,
		 const char *format, va_list args)
{
	char text[512];

	if (!e->made[node].first)
		return;
	vsnprintf(text, sizeof(text), format, args);
	lc_problem(e->problems, at, "%s", text);
}

void node_problem(struct expansion *e, uint32_t node, struct lc_at at,
		  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(e, node, at, format, args);
	va_end(args);
}

void node_lacks(struct expansion *e, uint32_t node, struct lc_at at,
		const char *format, ...)
{
	va_list args;

	if (e->problems->partial)
		return;
	va_start(args, format);
	tell(e, node, at, format, args);
	va_end(args);
}

uint32_t node_number(const struct expansion *e, const char *name)
{
	int number = plan_node_find(e->plan, name);

	return number < 0 ? NO_NODE : (uint32_t)number;
}

struct plan_node *node_owner(const struct expansion *e, uint32_t node)
{
	const struct plan_node *n = &e->plan->nodes[node];

	return &e->plan->nodes[n->kind == NODE_SHARED ? n->shares : node];
}

static uint32_t node_add(struct expansion *e, const char *name,
			 struct lc_at at, const struct making *making)
{
	struct plan *plan = e->plan;
	uint32_t number = (uint32_t)plan->node_count;
	struct plan_node *node;

	if (!keys_add_name(plan->node_names, 0, name, number))
		return NO_NODE;
	plan->nodes = arena_grow(e->arena, plan->nodes, number, sizeof(*node));
	e->made = arena_grow(e->arena, e->made, number, sizeof(*e->made));
	plan->node_count++;
	node = &plan->nodes[number];
	node->at = at;
	node->name = name;
	node->number = number;
	node->names = plan->interface_names;
	e->made[number] = *making;
	return number;
}

static void nodes_of(struct expansion *e, const struct node_said *said)
{
	bool many = lc_given(&said->count);
	uint64_t i, count = many ? said->count.number : 1;
	struct making making = { .said = said };
	const char *name;

	if (!said->name.text)
		return;
	if (e->plan->node_count + count > PLAN_MAX_NODES) {
		lc_problem(e->problems, said->count.at,
			   "more than %d nodes in all", PLAN_MAX_NODES);
		return;
	}
	for (i = 1; i <= count; i++) {
		making.first = i == 1;
		name = said->name.text;
		if (many)
			name = arena_printf(e->arena, "%s%llu", name,
					    (unsigned long long)i);
		node_add(e, name, said->at, &making);
	}
}

/* A node that nobody declared, but that carries networks or containers */
static uint32_t host_make(struct expansion *e, const char *name,
			  struct lc_at at)
{
	const struct making making = { .first = true };
	uint32_t number = node_number(e, name);

	return number != NO_NODE ? number : node_add(e, name, at, &making);
}

static const char *text_or(const struct lc_value *value, const char *other)
{
	return value->text ? value->text : other;
}

/* Whether a node is in the network `bridge`, which need not be declared */
static bool is_on_bridge(const struct node_said *said)
{
	uint32_t i;

	if (said->network.text && !strcmp(said->network.text, "bridge"))
		return true;
	for (i = 0; i < said->networks_count; i++)
		if (said->networks[i].name.text &&
		    !strcmp(said->networks[i].name.text, "bridge"))
			return true;
	return false;
}

static void hosts_make(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	const struct network_said *network;
	const struct node_said *said;
	bool declared = false;
	uint32_t i;

	for (i = 0; i < scenario->networks_count; i++) {
		network = &scenario->networks[i];
		host_make(e, text_or(&network->on, "host"), network->at);
		if (network->name.text && !strcmp(network->name.text, "bridge"))
			declared = true;
	}
	for (i = 0; i < scenario->nodes_count; i++) {
		said = &scenario->nodes[i];
		if (said->network.text && !strcmp(said->network.text, "host"))
			host_make(e, text_or(&said->on, "host"),
				  said->network.at);
		else if (!declared && is_on_bridge(said))
			host_make(e, "host", said->at);
	}
}

/* The node named by `network: host` or `container:X`, or NO_NODE */
static uint32_t shared_with(const struct expansion *e, uint32_t node)
{
	const struct node_said *said = e->made[node].said;
	const char *network = said ? said->network.text : NULL;

	if (!network)
		return NO_NODE;
	if (!strcmp(network, "host"))
		return node_number(e, text_or(&said->on, "host"));
	if (!strncmp(network, "container:", 10))
		return node_number(e, network + 10);
	return NO_NODE;
}

static void kind_decide(struct expansion *e, struct plan_node *node)
{
	const struct node_said *said = e->made[node->number].said;
	uint32_t other;

	if (said && said->netns.text) {
		node->kind = NODE_ADOPTED;
		node->netns = said->netns.text;
		if (said->network.text || said->networks_count)
			node_problem(e, node->number, said->netns.at,
				     "%s is adopted (netns), so no network can have it",
				     node->name);
		return;
	}
	other = shared_with(e, node->number);
	if (other == NO_NODE)
		return;
	node->kind = NODE_SHARED;
	node->shares = other;
}

/* Follow c -> b -> a to the one whose namespace it is.  @walked holds the last
 * walk that came by each node; coming by twice is a circle, which is cut. */
static void share_resolve(struct expansion *e, uint32_t node, uint32_t *walked)
{
	struct plan_node *nodes = e->plan->nodes;
	uint32_t end, next, after;

	for (end = node; nodes[end].kind == NODE_SHARED;
	     end = nodes[end].shares) {
		if (walked[end] == node + 1) {
			node_problem(e, end, e->made[end].said->network.at,
				     "%s shares its own network namespace, in a circle",
				     nodes[end].name);
			nodes[end].kind = NODE_OWN;
			break;
		}
		walked[end] = node + 1;
	}
	/* Shorten the way for those that come behind us on it */
	for (next = node; nodes[next].kind == NODE_SHARED; next = after) {
		after = nodes[next].shares;
		nodes[next].shares = end;
	}
}

/* An adopted namespace is looked at, never configured */
static void adopted_verify(struct expansion *e, const struct plan_node *node)
{
	const struct node_said *said = e->made[node->number].said;
	const char *key = NULL;

	if (!said)
		return;
	if (said->interfaces_count)
		key = "interfaces";
	else if (said->routes_count)
		key = "routes";
	else if (said->neighbors_count)
		key = "neighbors";
	else if (said->sysctls.count)
		key = "sysctls";
	else if (said->nftables.text)
		key = "nftables";
	else if (lc_given(&said->forward))
		key = "forward";
	else if (said->services_count)
		key = "services";
	if (key)
		node_problem(e, node->number, said->at,
			     "%s is adopted (netns) and never configured: it can't have `%s`",
			     node->owner->name, key);
}

static void network_keys_verify(struct expansion *e, uint32_t node)
{
	const struct node_said *said = e->made[node].said;

	if (said && said->network.text && said->networks_count)
		node_problem(e, node, said->network.at,
			     "either `network` or `networks`");
	if (said && said->on.text && !said->network.text &&
	    !said->networks_count)
		node_lacks(e, node, said->on.at,
			   "`on` goes with a network");
}

void nodes_plan(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	struct plan_node *node;
	uint32_t *walked;
	uint32_t i, n;

	for (i = 0; i < scenario->nodes_count; i++)
		nodes_of(e, &scenario->nodes[i]);
	hosts_make(e);

	for (n = 0; n < e->plan->node_count; n++)
		kind_decide(e, &e->plan->nodes[n]);
	walked = arena_alloc(e->arena, e->plan->node_count * sizeof(*walked));
	for (n = 0; n < e->plan->node_count; n++)
		share_resolve(e, n, walked);
	for (n = 0; n < e->plan->node_count; n++) {
		node = &e->plan->nodes[n];
		node->owner = node_owner(e, n);
		if (node->owner->kind == NODE_ADOPTED)
			adopted_verify(e, node);
		network_keys_verify(e, n);
	}
}
