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

	if (!e->made[node].first || e->made[node].quiet)
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

void node_warning(struct expansion *e, uint32_t node, struct lc_at at,
		  const char *format, ...)
{
	char text[512];
	va_list args;

	if (!e->made[node].first || e->made[node].quiet)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	lc_warning(e->problems, at, "%s", text);
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

uint32_t node_of_file(const struct expansion *e, const char *name)
{
	uint32_t number;

	return keys_find_name(e->file_names, 0, name, &number) ? number
							       : NO_NODE;
}

struct plan_node *node_owner(const struct expansion *e, uint32_t node)
{
	const struct plan_node *n = &e->plan->nodes[node];

	return &e->plan->nodes[n->kind == NODE_SHARED ? n->shares : node];
}

/* The node named by `network: host` or `container:X`, or NO_NODE */
static uint32_t shared_with(const struct expansion *e, uint32_t node)
{
	const struct node_said *said = e->made[node].said;
	const char *network = said ? said->network.text : NULL;

	if (!network)
		return NO_NODE;
	if (!strcmp(network, "host"))
		return node_of_file(e, host_said(said));
	if (!strncmp(network, "container:", 10))
		return node_number(e, network + 10);
	return NO_NODE;
}

/* A namespace that the plan makes without a name in the file is nobody else's:
 * whoever adopts it lives in it */
static void adopt(struct expansion *e, struct plan_node *node, const char *netns)
{
	uint32_t other = node_of_file(e, netns);

	if (other != NO_NODE && e->lives[other].made) {
		node->kind = NODE_SHARED;
		node->shares = other;
	} else {
		node->kind = NODE_ADOPTED;
		node->netns = netns;
	}
}

static void kind_decide(struct expansion *e, struct plan_node *node)
{
	const struct node_said *said = e->lives[node->number].said;
	struct life *life = &e->lives[node->number];

	if (said && said->netns->text) {
		adopt(e, node, said->netns->text);
		if (said->network.text || said->networks_count)
			node_problem(e, node->number, said->netns->at,
				     "%s is adopted (netns), so no network can have it",
				     node->name);
		return;
	}
	/* In whose namespace it began, it stays */
	if (life->born == e->state)
		life->shares = shared_with(e, node->number);
	if (life->shares == NO_NODE)
		return;
	node->kind = NODE_SHARED;
	node->shares = life->shares;
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
	else if (said->nftables->text)
		key = "nftables";
	else if (lc_given(said->forward))
		key = "forward";
	else if (said->services_count)
		key = "services";
	if (key)
		node_problem(e, node->number, said->at,
			     "%s is adopted (netns) and never configured: it can't have `%s`",
			     node->owner->made ? node->name
					       : node->owner->name, key);
}

static void network_keys_verify(struct expansion *e, uint32_t node)
{
	const struct node_said *said = e->made[node].said;

	if (said && said->network.text && said->networks_count)
		node_problem(e, node, said->network.at,
			     "either `network` or `networks`");
	if (said && said->on->text && !said->network.text &&
	    !said->networks_count)
		node_lacks(e, node, said->on->at,
			   "`on` goes with a network");
}

static bool is_there(const struct expansion *e, const struct life *life)
{
	return life->born <= e->state && e->state < life->gone;
}

static void node_make(struct expansion *e, uint32_t number)
{
	const struct life *life = &e->lives[number];
	struct plan_node *node = &e->plan->nodes[number];

	node->at = life->at;
	node->name = life->name;
	node->number = number;
	node->names = e->plan->interface_names;
	node->absent = !is_there(e, life);
	node->made = life->made;
	e->made[number] = (struct making){
		.said = node->absent ? NULL : life->said,
		.first = life->first,
		.quiet = life->born < e->state,
	};
	if (!node->absent)
		keys_add_name(e->plan->node_names, 0, node->name, number);
}

static void shares_resolve(struct expansion *e)
{
	uint32_t *walked = arena_alloc(e->scratch, e->plan->node_count *
							   sizeof(*walked));
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++)
		share_resolve(e, n, walked);
	for (n = 0; n < e->plan->node_count; n++)
		e->lives[n].shares = e->plan->nodes[n].kind == NODE_SHARED
					     ? e->plan->nodes[n].shares
					     : NO_NODE;
}

void nodes_plan(struct expansion *e)
{
	struct plan *plan = e->plan;
	struct plan_node *node;
	uint32_t n;

	plan->node_count = e->life_count;
	plan->nodes = arena_alloc(e->arena,
				  plan->node_count * sizeof(*plan->nodes));
	e->made = arena_alloc(e->scratch, plan->node_count * sizeof(*e->made));
	for (n = 0; n < plan->node_count; n++)
		node_make(e, n);
	for (n = 0; n < plan->node_count; n++)
		kind_decide(e, &plan->nodes[n]);
	shares_resolve(e);
	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		node->owner = node_owner(e, n);
		if (node->owner->kind == NODE_ADOPTED ||
		    (node->owner->made && node->owner != node))
			adopted_verify(e, node);
		network_keys_verify(e, n);
	}
}
