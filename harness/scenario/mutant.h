/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutant.h - a lab with one thing in it that is not as its file says
 *
 * `labcheck doubt` builds each of them and asks whether the steps see it.
 */
#ifndef SCENARIO_MUTANT_H
#define SCENARIO_MUTANT_H

#include "plan.h"

struct mutant;

/** mutant_apply - Break one state of the lab, if it has what is to be broken */
typedef void mutant_apply(struct plan *state, const struct mutant *mutant);

/**
 * struct mutant - One way to break a lab
 * @at:		Where the file asks for what is broken
 * @words:	What is wrong with the lab, as a sentence without its end
 * @said:	The lab is planned anew after this, and @apply is NULL; or NULL
 * @node, @ifindex, @network: What it is about, as far as it is about these
 * @what:	The plan's own entry that is broken, as its kind has it
 * @text, @ip, @number, @mac: What comes in its place, as its kind has it
 */
struct mutant {
	struct lc_at at;
	const char *words;
	mutant_apply *apply;
	const struct scenario *said;
	uint32_t node, ifindex, network;
	const void *what;
	const char *text;
	struct lc_ip ip;
	uint32_t number;
	uint8_t mac[6];
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
 * What nobody asked for (labcheck's own settings) is none, and neither is what
 * the plan itself shows to make no difference; mutant_kinds.h says what becomes
 * of each thing in a plan.
 */
void mutants_make(struct mutants *mutants, const struct plan *plan);
void mutants_done(struct mutants *mutants);

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
