// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lives.c - which nodes the lab ever has
 *
 * Those of the file, those that carry networks or containers without having
 * been declared, and those that steps create.  A node is known by its number in
 * all states of the lab, so all of them are numbered before the first state is
 * planned; a name that is created again gets another number.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

uint32_t life_add(struct expansion *e, const struct life *life)
{
	uint32_t number = e->life_count;

	if (!life->born &&
	    !keys_add_name(e->file_names, 0, life->name, number))
		return NO_NODE;
	e->lives = arena_grow(e->scratch, e->lives, number, sizeof(*e->lives));
	e->lives[number] = *life;
	e->lives[number].gone = NO_STATE;
	e->lives[number].shares = NO_NODE;
	e->lives[number].next_ifindex = FIRST_IFINDEX;
	e->life_count++;
	return number;
}

static void lives_of(struct expansion *e, const struct node_said *said)
{
	bool many = lc_given(said->count);
	uint64_t i, count = many ? said->count->number : 1;
	struct life life = { .said = said, .at = said->at };

	if (!said->name.text)
		return;
	if (e->life_count + count > PLAN_MAX_NODES) {
		lc_problem(e->problems, said->count->at,
			   "more than %d nodes in all", PLAN_MAX_NODES);
		return;
	}
	for (i = 1; i <= count; i++) {
		life.first = i == 1;
		life.name = said->name.text;
		if (many)
			life.name = arena_printf(e->arena, "%s%llu", life.name,
						 (unsigned long long)i);
		life_add(e, &life);
	}
}

/* A node that nobody declared, but that carries networks or containers */
void host_make(struct expansion *e, const char *name, struct lc_at at)
{
	const struct life life = { .name = name, .at = at, .first = true };

	if (node_of_file(e, name) == NO_NODE)
		life_add(e, &life);
}

static const char *text_or(const struct lc_scalar *value, const char *other)
{
	return value->text ? value->text : other;
}

static bool is_bridge(const struct lc_scalar *network)
{
	return network->text && !strcmp(network->text, "bridge");
}

/* Where a node names the network `bridge`, which need not be declared */
static const struct lc_scalar *names_bridge(const struct node_said *said)
{
	uint32_t i;

	if (is_bridge(&said->network))
		return &said->network;
	for (i = 0; i < said->networks_count; i++)
		if (is_bridge(&said->networks[i].name))
			return &said->networks[i].name;
	return NULL;
}

static const struct lc_scalar *step_names_bridge(const struct step_said *step)
{
	const struct lc_connect *connect = step->params;

	switch (step_change(step)) {
	case LC_CREATE:
		return names_bridge(step->params);
	case LC_CONNECT:
		return is_bridge(&connect->network) ? &connect->network : NULL;
	case LC_CHANGE_NONE:
	case LC_REMOVE:
	case LC_DISCONNECT:
		break;
	}
	return NULL;
}

const struct lc_scalar *bridge_named(const struct scenario *scenario)
{
	const struct lc_scalar *named = NULL;
	uint32_t i;

	for (i = 0; i < scenario->nodes_count && !named; i++)
		named = names_bridge(&scenario->nodes[i]);
	for (i = 0; i < scenario->steps_count && !named; i++)
		named = step_names_bridge(&scenario->steps[i]);
	return named;
}

static void host_of(struct expansion *e, const struct node_said *said)
{
	if (said->network.text && !strcmp(said->network.text, "host"))
		host_make(e, host_said(said), said->network.at);
}

static void hosts_make(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	const struct lc_scalar *bridge = bridge_named(scenario);
	const struct network_said *network;
	uint32_t i;

	for (i = 0; i < scenario->networks_count; i++) {
		network = &scenario->networks[i];
		if (network->driver.choice != DRIVER_OVERLAY)
			host_make(e, text_or(&network->on, "host"),
				  network->at);
		if (is_bridge(&network->name))
			bridge = NULL;
	}
	if (bridge)
		host_make(e, "host", bridge->at);
	for (i = 0; i < scenario->nodes_count; i++)
		host_of(e, &scenario->nodes[i]);
	for (i = 0; i < scenario->steps_count; i++)
		if (step_change(&scenario->steps[i]) == LC_CREATE)
			host_of(e, scenario->steps[i].params);
}

static void life_create(struct expansion *e, const struct node_said *said,
			uint32_t state)
{
	const struct life life = {
		.name = said->name.text,
		.at = said->at,
		.said = said,
		.first = true,
		.born = state,
	};

	if (lc_given(said->count))
		lc_problem(e->problems, said->count->at,
			   "`count` is for `nodes`: a step creates one");
	if (said->name.text)
		life_add(e, &life);
}

void lives_collect(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	const struct step_said *step;
	uint32_t i, state = 0;

	for (i = 0; i < scenario->nodes_count; i++)
		lives_of(e, &scenario->nodes[i]);
	hosts_make(e);
	for (i = 0; i < scenario->steps_count; i++) {
		step = &scenario->steps[i];
		state += step_change(step) != LC_CHANGE_NONE;
		if (step_change(step) == LC_CREATE)
			life_create(e, step->params, state);
	}
	carriers_collect(e);
}
