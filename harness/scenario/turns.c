// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * turns.c - which node has a name at which step
 *
 * Steps run in the order written, so it is known of each of them who is there
 * when it begins: those of the file, but for the removed, and the created.
 */
#include <string.h>

#include <labcheck/check.h>

#include "scenario/arena.h"
#include "scenario/document.h"
#include "scenario/keys.h"
#include "scenario/names.h"

#define NOBODY UINT32_MAX

static struct turn *first_turn(const struct names *names, const char *name)
{
	uint32_t number;

	if (!keys_find_name(names->known, NAME_TURN, name, &number))
		return NULL;
	return &names->turns[number];
}

/* The last one before a step, or NULL.  Steps are looked at in their order, so
 * the first turn remembers where the search ended. */
static const struct turn *last_turn(const struct names *names,
				    const char *name, uint32_t step)
{
	struct turn *first, *turn;

	first = step == NO_STEP ? NULL : first_turn(names, name);
	if (!first || first->step >= step)
		return NULL;
	turn = &names->turns[first->found];
	if (turn->step >= step)
		turn = first;
	while (turn->next != NO_TURN && names->turns[turn->next].step < step)
		turn = &names->turns[turn->next];
	first->found = (uint32_t)(turn - names->turns);
	return turn;
}

struct declared_node *names_node_at(const struct names *names,
				    const char *name, uint32_t step)
{
	const struct turn *last = last_turn(names, name, step);

	if (!last)
		return names_node(names, name);
	return last->node == NOBODY ? NULL : &names->nodes[last->node];
}

const struct turn *names_turn(const struct names *names, const char *name,
			      uint32_t step)
{
	const struct turn *last = last_turn(names, name, step);

	return last ? last : first_turn(names, name);
}

static void turn_add(struct names *names, const char *name, struct turn turn)
{
	uint32_t number = names->turn_count++;
	const struct turn *last = last_turn(names, name, turn.step);

	if (last)
		names->turns[last - names->turns].next = number;
	else
		keys_add_name(names->known, NAME_TURN, name, number);
	names->turns = arena_grow(names->arena, names->turns, number,
				  sizeof(*names->turns));
	turn.next = NO_TURN;
	turn.found = number;
	names->turns[number] = turn;
}

static void create_collect(struct names *names,
			   const struct document_node *said, uint32_t step)
{
	const char *name = names_text(said, "name");
	const struct declared_node *other;
	uint32_t node;

	if (!name)
		return;
	other = names_node_at(names, name, step);
	if (other && other->at.line) {
		lc_problem(names->problems, document_get(said, "name")->at,
			   "node '%.60s' is there already; it is made on line %u",
			   name, other->at.line);
		return;
	}
	if (other) {
		lc_problem(names->problems, document_get(said, "name")->at,
			   "node '%.60s' is there already: it carries a network",
			   name);
		return;
	}
	node = names_add_node(names, said, step);
	turn_add(names, name, (struct turn){ .step = step, .node = node,
					     .at = said->at });
}

/* That of nobody is verified as any reference */
static void remove_collect(struct names *names,
			   const struct document_node *said, uint32_t step)
{
	const char *name = names_text(said, "node");

	if (name && names_node_at(names, name, step))
		turn_add(names, name, (struct turn){ .step = step,
						     .node = NOBODY,
						     .at = said->at });
}

static void connect_collect(struct names *names,
			    const struct document_node *said, uint32_t step)
{
	const char *name = names_text(said, "node");
	struct declared_node *node = name ? names_node_at(names, name, step)
					  : NULL;
	uint32_t number;

	if (!node)
		return;
	number = (uint32_t)(node - names->nodes);
	names_add_eth(names, number);
	names_carry(names, number, names_text(said, "network"));
}

void turns_collect(struct names *names, const struct document_node *step,
		   uint32_t number)
{
	static const struct {
		const char *verb;
		void (*collect)(struct names *names,
				const struct document_node *said,
				uint32_t step);
	} verbs[] = {
		{ "create", create_collect },
		{ "remove", remove_collect },
		{ "connect", connect_collect },
	};
	const struct document_node *said;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		said = document_get(step, verbs[i].verb);
		if (said && said->kind == DOCUMENT_MAPPING)
			verbs[i].collect(names, said, number);
	}
}
