// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_words.c - labs that are planned anew after a word of the file is another
 *
 * Some words change so much of a plan that to change the plan itself would be to
 * write the planner twice: what is internal, whom a host asks for names, whose
 * namespace a node lives in.  So the planner is asked for the lab of a file that
 * says something else.  Where it refuses, there is no such lab.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "arena.h"
#include "expand.h"
#include "mutant_kinds.h"
#include "problems.h"

/**
 * struct draft - A scenario that is said otherwise
 * @said:	A copy of all that may be changed
 */
struct draft {
	struct mutants *mutants;
	const struct plan *plan;
	struct scenario *said;
};

static void *copy(struct mutants *mutants, const void *from, size_t size)
{
	return size ? memcpy(arena_alloc(mutants->arena, size), from, size) :
		      NULL;
}

static struct draft draft(struct mutants *mutants, const struct plan *plan)
{
	const struct scenario *s = plan->scenario;
	struct draft d = { mutants, plan, copy(mutants, s, sizeof(*s)) };

	d.said->networks = copy(mutants, s->networks,
				s->networks_count * sizeof(*s->networks));
	d.said->nodes = copy(mutants, s->nodes,
			     s->nodes_count * sizeof(*s->nodes));
	return d;
}

static bool can_be(const struct scenario *said)
{
	struct lc_problems problems;
	struct plan plan = { 0 };
	bool can;

	problems_init(&problems);
	can = !plan_make(&plan, said, &problems);
	problems_done(&problems);
	plan_done(&plan);
	return can;
}

static struct mutant begin(const struct draft *d, struct lc_at at)
{
	return (struct mutant){ .at = at, .said = d->said, .node = NO_NODE };
}

static void add_not_internal(struct mutants *mutants, const struct plan *plan,
		       uint32_t i)
{
	const struct network_said *said = &plan->scenario->networks[i];
	struct draft d = draft(mutants, plan);

	if (!lc_given(&said->internal) || !said->internal.flag)
		return;
	d.said->networks[i].internal.flag = false;
	if (can_be(d.said))
		mutants_add(mutants, begin(&d, said->internal.at),
			    "network %s is not internal", said->name.text);
}

static bool is_guest(const struct node_said *said)
{
	return said->network.text &&
	       (!strcmp(said->network.text, "host") ||
		!strncmp(said->network.text, "container:", 10));
}

static void add_alone(struct mutants *mutants, const struct plan *plan,
		      uint32_t i)
{
	const struct node_said *said = &plan->scenario->nodes[i];
	struct draft d = draft(mutants, plan);
	struct lc_scalar *network = &d.said->nodes[i].network;

	if (!is_guest(said))
		return;
	*network = (struct lc_scalar){ .text = "none", .at = network->at };
	if (can_be(d.said))
		mutants_add(mutants, begin(&d, said->network.at),
			    "%s has a network of its own", said->name.text);
}

/* Without the last of them, and with another in place of the first */
static void add_servers(struct mutants *mutants, const struct plan *plan,
			uint32_t i)
{
	const struct node_said *said = &plan->scenario->nodes[i];
	const struct lc_list *list = &said->nameservers;
	struct draft d = draft(mutants, plan);
	char is[IP_TEXT_SIZE], was[IP_TEXT_SIZE];
	struct lc_value *other;

	if (!list->count || !list->items)
		return;
	ip_format(&list->items[0].ip, was);
	d.said->nodes[i].nameservers.count = list->count - 1;
	d.said->nodes[i].nameservers.items++;
	d.said->nodes[i].nameservers.texts++;
	if (can_be(d.said))
		mutants_add(mutants, begin(&d, list->items[0].at),
			    "%s has no name server %s", said->name.text, was);
	d = draft(mutants, plan);
	other = copy(mutants, list->items, list->count * sizeof(*other));
	if (!ip_other(plan, &other->ip, ip_bits(other->ip.family) - 8,
		      &other->ip))
		return;
	d.said->nodes[i].nameservers.items = other;
	if (can_be(d.said))
		mutants_add(mutants, begin(&d, list->items[0].at),
			    "%s has the name server %s, not %s",
			    said->name.text, ip_format(&other->ip, is), was);
}

void mutants_of_words(struct mutants *mutants, const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->scenario->networks_count; i++)
		add_not_internal(mutants, plan, i);
	for (uint32_t i = 0; i < plan->scenario->nodes_count; i++) {
		add_alone(mutants, plan, i);
		if (steps_ask(plan->scenario))
			add_servers(mutants, plan, i);
	}
}
