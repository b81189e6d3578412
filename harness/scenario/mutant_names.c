// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_names.c - containers that are not found by their names, or others are
 *
 * Only where a step asks for a name at all: a lab has a resolver as soon as any
 * program runs in it, and most programs ask for none.
 */
#include <string.h>

#include <labcheck/check.h>

#include "arena.h"
#include "expand.h"
#include "mutant_kinds.h"

static bool is_it(const struct plan_endpoint *e, const struct mutant *m)
{
	return e->network == m->network && e->node == m->node;
}

/* Neither by its name nor by an alias of that name */
static void forget(struct plan_endpoint *e, const char *name)
{
	if (!strcmp(e->name, name))
		e->name = "";
	KEEP_IF(e->aliases, e->alias_count, strcmp(e->aliases[i], name) != 0);
}

static void apply_unknown(struct plan *plan, const struct mutant *m)
{
	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (is_it(&plan->endpoints[i], m))
			forget(&plan->endpoints[i], m->text);
}

/* Another one of the network is called so in its place */
static void apply_confused(struct plan *plan, const struct mutant *m)
{
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		struct plan_endpoint *e = &plan->endpoints[i];

		if (is_it(e, m))
			forget(e, m->text);
		else if (e->network == m->network && e->node == m->number)
			e->aliases[e->alias_count++] = m->text;
	}
}

static void apply_no_names(struct plan *plan, const struct mutant *m)
{
	plan->networks[m->network].dns = false;
}

static const struct plan_endpoint *other_of(const struct plan *plan,
					    const struct plan_endpoint *this,
					    const char *name)
{
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &plan->endpoints[i];
		bool called = !strcmp(e->name, name);

		for (size_t k = 0; k < e->alias_count; k++)
			called |= !strcmp(e->aliases[k], name);
		if (e->network == this->network && e->node != this->node &&
		    !called)
			return e;
	}
	return NULL;
}

static void add(struct mutants *mutants, const struct plan *plan,
		const struct plan_endpoint *e, const char *name)
{
	const struct plan_endpoint *other = other_of(plan, e, name);
	const char *network = plan->networks[e->network].name;
	struct mutant m = {
		.apply = apply_unknown, .at = e->at, .node = e->node,
		.network = e->network, .text = name,
	};
	const char *own = plan->nodes[e->node].name;
	const bool alias = strcmp(own, name) != 0;

	mutants_add(mutants, m, "in network %s nobody knows %s%s%s", network,
		    own, alias ? " as " : "", alias ? name : "");
	m.apply = apply_confused;
	if (!other)
		return;
	m.number = other->node;
	mutants_add(mutants, m, "in network %s the name %s leads to %s, not %s",
		    network, name, plan->nodes[other->node].name, own);
}

void mutants_of_names(struct mutants *mutants, const struct plan *plan)
{
	if (!steps_ask(plan->scenario))
		return;
	for (uint32_t i = 0; i < plan->network_count; i++)
		if (plan->networks[i].dns && network_size(plan, i) > 1)
			mutants_add(mutants, (struct mutant){
				.apply = apply_no_names, .node = NO_NODE,
				.at = plan->networks[i].at, .network = i,
			}, "network %s has no names",
				plan->networks[i].name);
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &plan->endpoints[i];

		if (!plan->networks[e->network].dns ||
		    plan->nodes[e->node].made)
			continue;
		/* Alone in a network, it would have to ask for itself */
		if (network_size(plan, e->network) > 1)
			add(mutants, plan, e, e->name);
		for (size_t k = 0; k < e->alias_count; k++)
			add(mutants, plan, e, e->aliases[k]);
	}
}
