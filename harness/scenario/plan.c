// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan.c - expands a scenario into the lab to build
 *
 * First everything gets its place: nodes, then their interfaces, from entries,
 * links and networks in this order.  Only when all of them are known can one
 * refer to another (a bridge to its ports, a route to its interface), so what
 * is said *of* them comes after.
 *
 * All of that is done anew for each state of the lab, that is, for the lab as
 * it is built and as each step leaves it that changes what it consists of.  So
 * whoever plans a part need not know of time: what is not there in a state has
 * nothing said of it.  What lasts from state to state (struct expansion) is who
 * lives when, and which index, name and address each has been given.
 */
#include <errno.h>
#include <string.h>

#include "expand.h"
#include "problems.h"

static void services_plan(struct expansion *e)
{
	static const uint64_t default_within_ns = 5000000000;
	const struct service_said *said;
	struct plan_service *service;
	struct plan_node *node;
	size_t n;
	uint32_t i;

	for (n = 0; n < e->plan->node_count; n++) {
		node = &e->plan->nodes[n];
		if (!e->made[n].said || node->kind == NODE_ADOPTED)
			continue;
		for (i = 0; i < e->made[n].said->services_count; i++) {
			said = &e->made[n].said->services[i];
			if (!said->run.text)
				continue;
			node->services = arena_grow(e->arena, node->services,
						    node->service_count,
						    sizeof(*service));
			service = &node->services[node->service_count++];
			service->at = said->at;
			service->command = said->run.text;
			service->within_ns = lc_given(&said->within)
						     ? said->within.ns
						     : default_within_ns;
			if (!said->ready)
				continue;
			service->tcp = (uint16_t)said->ready->tcp.number;
			service->udp = (uint16_t)said->ready->udp.number;
		}
	}
}

void nftables_add(struct expansion *e, uint32_t owner, const char *rules,
		  struct lc_at at)
{
	struct plan_node *node = &e->plan->nodes[owner];
	size_t count = node->nftables_count++;

	node->nftables = arena_grow(e->arena, node->nftables, count,
				    sizeof(*node->nftables));
	node->nftables_at = arena_grow(e->arena, node->nftables_at, count,
				       sizeof(*node->nftables_at));
	node->nftables[count] = rules;
	node->nftables_at[count] = at;
}

static void nftables_plan(struct expansion *e)
{
	const struct node_said *said;
	size_t n;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		if (said && said->nftables->text &&
		    e->plan->nodes[n].kind != NODE_ADOPTED)
			nftables_add(e, e->plan->nodes[n].owner->number,
				     said->nftables->text, said->nftables->at);
	}
}

/* One state of the lab, in full */
static void state_plan(struct expansion *e, struct plan *plan)
{
	*plan = (struct plan){
		.arena = e->arena, .scenario = e->scenario, .before = e->plan,
	};
	plan->node_names = keys_new(e->arena);
	plan->interface_names = keys_new(e->arena);
	e->plan = plan;
	e->addresses = keys_new(e->scratch);

	nodes_plan(e);
	interfaces_declare(e);
	links_plan(e);
	networks_plan(e);
	interfaces_configure(e);
	publish_verify(e);
	routes_plan(e);
	macs_plan(e);
	sysctls_plan(e);
	nftables_plan(e);
	services_plan(e);
	etc_plan(e);
}

/* The next step that changes what the lab consists of, or the end */
static uint32_t next_change(const struct expansion *e, uint32_t step)
{
	const struct scenario *scenario = e->scenario;

	while (step < scenario->steps_count &&
	       step_change(&scenario->steps[step]) == LC_CHANGE_NONE)
		step++;
	return step;
}

static bool are_too_many(struct expansion *e, uint32_t step)
{
	if ((uint64_t)e->life_count * e->state < PLAN_MAX_STATES)
		return false;
	lc_problem(e->problems, e->scenario->steps[step].at,
		   "too many changes for a lab of so many nodes (%u)",
		   e->life_count);
	return true;
}

int plan_make(struct plan *plan, const struct scenario *scenario,
	      struct lc_problems *problems)
{
	struct arena *arena = arena_new(), *scratch = arena_new();
	struct expansion e = {
		.scenario = scenario,
		.problems = problems,
		.arena = arena,
		.scratch = scratch,
		.file_names = keys_new(scratch),
		.ifindexes = keys_new(scratch),
	};
	uint32_t step = 0, change;

	lives_collect(&e);
	for (;; plan = plan->next) {
		state_plan(&e, plan);
		change = next_change(&e, step);
		targets_verify(&e, step, change);
		if (change == scenario->steps_count ||
		    (problems->changes_partial &&
		     change >= problems->changes_end) ||
		    are_too_many(&e, change))
			break;
		change_plan(&e, &scenario->steps[change]);
		plan->next = arena_alloc(arena, sizeof(*plan));
		plan->next_step = change;
		step = change + 1;
	}
	arena_free(scratch);
	return problems->errors ? -EINVAL : 0;
}

/* What comes after it is in the same arena */
void plan_done(struct plan *plan)
{
	arena_free(plan->arena);
	memset(plan, 0, sizeof(*plan));
}

int plan_node_find(const struct plan *plan, const char *name)
{
	uint32_t number;

	if (!plan->node_names ||
	    !keys_find_name(plan->node_names, 0, name, &number))
		return -1;
	return (int)number;
}

const struct plan_interface *
plan_interface_find(const struct plan_node *node, const char *name)
{
	const struct plan_node *owner = node->owner;
	uint32_t position;

	if (!keys_find_name(node->names, owner->number, name, &position))
		return NULL;
	return &owner->interfaces[position];
}

/* Most often they are numbered in their order */
const struct plan_interface *
plan_interface_by_index(const struct plan_node *node, uint32_t ifindex)
{
	const struct plan_node *owner = node->owner;
	size_t i, guess = ifindex - FIRST_IFINDEX;

	if (ifindex >= FIRST_IFINDEX && guess < owner->interface_count &&
	    owner->interfaces[guess].ifindex == ifindex)
		return &owner->interfaces[guess];
	for (i = 0; i < owner->interface_count; i++)
		if (owner->interfaces[i].ifindex == ifindex)
			return &owner->interfaces[i];
	return NULL;
}

const struct plan_interface *
plan_interface_below(const struct plan *plan, const struct plan_node *node,
		     const struct plan_interface *interface,
		     const struct plan_node **ret_node)
{
	if (!interface->lower)
		return NULL;
	if (interface->lower_node != NO_NODE)
		node = &plan->nodes[interface->lower_node];
	*ret_node = node;
	return plan_interface_by_index(node, interface->lower);
}

size_t plan_node_depth(const struct plan *plan, const struct plan_node *node)
{
	size_t i, this, depth = 0;
	uint32_t lower;

	for (i = 0; i < node->interface_count; i++) {
		lower = node->interfaces[i].lower_node;
		if (lower == NO_NODE)
			continue;
		this = 1 + plan_node_depth(plan, &plan->nodes[lower]);
		if (this > depth)
			depth = this;
	}
	return depth;
}
