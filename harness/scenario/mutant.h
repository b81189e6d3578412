/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutant.h - a lab with one thing in it that is not as its file says
 *
 * `labcheck doubt` builds each of them and asks whether the steps see it.
 */
#ifndef SCENARIO_MUTANT_H
#define SCENARIO_MUTANT_H

#include "plan.h"

enum mutant_kind {
	MUTANT_DOWN,		/* an interface is down */
	MUTANT_PORT,		/* it is no port of its bridge, bond, ... */
	MUTANT_ISOLATED,	/* it is a port like the others */
	MUTANT_NETEM,		/* its cable is neither slow nor lossy */
	MUTANT_MTU,		/* it has the kernel's MTU */
	MUTANT_ADDRESS,		/* what follows is left out */
	MUTANT_ROUTE,
	MUTANT_NEIGHBOR,
	MUTANT_FDB,
	MUTANT_RULE,		/* of an nftables rule set */
	MUTANT_SERVICE,
	MUTANT_FORWARD,		/* a node does not forward */
	MUTANT_SYSCTL,		/* it has another value */
	MUTANT_MASQUERADE,	/* a network does not masquerade */
	MUTANT_ISOLATION,	/* nothing keeps it apart from others */
	MUTANT_ICC,		/* its containers may talk */
	MUTANT_PUBLISHED,	/* a port is not published */
	MUTANT_PEER,		/* other hosts don't know a container */
};

/**
 * struct mutant - One way to break a lab
 * @at:		Where the file asks for what is broken
 * @words:	What is wrong with the lab, as a sentence without its end
 * @node, @ifindex, @network: What it is about, as far as it is about these
 * @what:	The plan's own entry that is left out, as its kind has it
 * @text:	RULE: the rule set without the rule; SYSCTL: the other value
 */
struct mutant {
	struct lc_at at;
	const char *words;
	enum mutant_kind kind;
	uint32_t node, ifindex, network;
	const void *what;
	const char *text;
};

struct mutants {
	struct arena *arena;
	struct mutant *items;
	size_t count;
};

/**
 * mutants_make() - Every way to break a lab that its plan knows
 *
 * In the order of the plan, each once, however many states of the lab have it.
 * What nobody asked for (labcheck's own settings) is none, and of what a
 * network expands into there is one for each thing that a user has a name for.
 */
void mutants_make(struct mutants *mutants, const struct plan *plan);
void mutants_done(struct mutants *mutants);

/** mutants_add() - One more, unless there is one of these words for the node */
void mutants_add(struct mutants *mutants, struct mutant mutant,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** mutants_of_networks() - Those of one state (mutant_network.c) */
void mutants_of_networks(struct mutants *mutants, const struct plan *plan);

/** mutants_of_rules() - Of a node's rule sets (mutant_rules.c) */
void mutants_of_rules(struct mutants *mutants, const struct plan_node *node);

/**
 * mutant_plan() - The plan of a lab that is broken in one way
 * @ret_copy:	plan_done() frees it; @plan must outlive it
 *
 * Each state that has what is broken has it broken, so that no step mends it
 * by going on to the next.  What can't be without it goes with it, as the
 * kernel would take it away or refuse it: routes whose gateway is not to be
 * reached, interfaces that stand on one that is down.
 */
void mutant_plan(struct plan *ret_copy, const struct plan *plan,
		 const struct mutant *mutant);

/** mutant_network_apply() - The change of one state, of those kinds that are
 * about networks (mutant_network.c) */
void mutant_network_apply(struct plan *plan, const struct mutant *mutant);

/** mutant_unpublish() - Leave out the ports published at an address of a node
 * that it does not have (mutant_network.c) */
void mutant_unpublish(struct plan *plan, uint32_t host,
		      const struct lc_ip *on);

/**
 * rule_set_without() - A rule set without one of its rules (mutant_rules.c)
 * @number:	Which rule, from 0
 * @ret_rule:	Its text on one line
 *
 * A `policy drop` counts, and becomes `policy accept`.
 *
 * Return: the other rule set, or NULL: there are no more rules
 */
const char *rule_set_without(struct arena *arena, const char *rules,
			     size_t number, const char **ret_rule);

#endif
