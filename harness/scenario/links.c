// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * links.c - virtual cables: each is a veth pair
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

/** struct end - One end of a cable, found or made */
struct end {
	uint32_t owner;
	uint32_t position;
};

static bool end_verify(struct expansion *e, const struct lc_value *said,
		       const struct plan_interface *interface)
{
	if (interface->kind == KIND_LOOPBACK) {
		lc_problem(e->problems, said->at,
			   "lo is no end of a cable");
		return false;
	}
	if (interface->kind != KIND_VETH) {
		lc_problem(e->problems, said->at,
			   "%s has a kind of its own, and a link makes a veth",
			   said->text);
		return false;
	}
	if (interface->peer_node != NO_NODE) {
		lc_problem(e->problems, said->at,
			   "another link has %s at its end already",
			   said->text);
		return false;
	}
	return true;
}

/* An end whose node is unknown was told by the loader */
static bool end_find(struct expansion *e, const struct lc_value *said,
		     struct end *ret_end)
{
	const struct plan_node *owner;
	uint32_t number, position;

	if (!said->node || !said->interface ||
	    strlen(said->interface) >= IFNAMSIZ)
		return false;
	number = node_of_file(e, said->node);
	if (number == NO_NODE)
		return false;
	owner = node_owner(e, number);
	if (owner->kind == NODE_ADOPTED) {
		lc_problem(e->problems, said->at,
			   "%s is adopted (netns) and never configured: no link can end there",
			   owner->name);
		return false;
	}
	position = interface_position(e, owner->number, said->interface);
	if (position == NO_INTERFACE) {
		/* `lo` without an entry is still lo */
		if (!strcmp(said->interface, "lo")) {
			lc_problem(e->problems, said->at,
				   "lo is no end of a cable");
			return false;
		}
		position = interface_add(e, owner->number, said->interface,
					 said->at);
	} else if (!end_verify(e, said, &owner->interfaces[position])) {
		return false;
	}
	*ret_end = (struct end){ owner->number, position };
	return true;
}

static void end_shape(struct expansion *e, const struct end *end,
		      const struct link_said *said)
{
	struct plan_interface *interface;

	interface = &e->plan->nodes[end->owner].interfaces[end->position];
	interface->mtu = (uint32_t)said->mtu->number;
	interface->delay_ns = said->delay->ns;
	interface->jitter_ns = said->jitter->ns;
	interface->loss = said->loss->number;
	interface->rate = said->rate->number;
	e->plan->delays |= said->delay->ns || said->rate->number;
}

/* A cable goes with the node at either end */
static bool is_gone(const struct expansion *e, const struct lc_value *end)
{
	uint32_t number = end->node ? node_of_file(e, end->node) : NO_NODE;

	return number != NO_NODE && e->plan->nodes[number].absent;
}

static void link_plan(struct expansion *e, const struct link_said *said)
{
	const struct lc_list *ends = &said->endpoints;
	struct end a, b;
	bool found;

	if (lc_given(said->jitter) && !lc_given(said->delay) &&
	    !e->problems->partial)
		lc_problem(e->problems, said->jitter->at,
			   "jitter is that of a `delay`");
	if (!ends->items)
		return;
	if (ends->count != 2) {
		if (!e->problems->partial)
			lc_problem(e->problems, said->at,
				   "a link has two endpoints, not %u",
				   ends->count);
		return;
	}
	if (is_gone(e, &ends->items[0]) || is_gone(e, &ends->items[1]))
		return;
	found = end_find(e, &ends->items[0], &a);
	if (!end_find(e, &ends->items[1], &b) || !found)
		return;
	if (a.owner == b.owner && a.position == b.position) {
		lc_problem(e->problems, ends->items[1].at,
			   "a cable has two ends, and these are the same");
		return;
	}
	end_shape(e, &a, said);
	end_shape(e, &b, said);
	interface_join(e, a.owner, a.position, b.owner, b.position);
}

void links_plan(struct expansion *e)
{
	uint32_t i;

	for (i = 0; i < e->scenario->links_count; i++)
		link_plan(e, &e->scenario->links[i]);
}
