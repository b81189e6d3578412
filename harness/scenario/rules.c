// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules.c - what single values can't show
 *
 * What a lab can't be is seen when it is planned (plan.h).  Here is what makes
 * no sense in the file as it stands.
 */
#include <string.h>

#include <labcheck/check.h>

#include "scenario/rules.h"
#include "scenario/scenario.h"

static void not_for_all(const struct node_said *node,
			const struct lc_value *value, const char *what,
			struct lc_problems *problems)
{
	if (lc_given(value))
		lc_problem(problems, value->at,
			   "all %s nodes of this `count` would have this %s",
			   node->count->text, what);
}

/* `count` makes copies, and a copy's address is its own */
static void verify_counted(const struct node_said *node,
			   struct lc_problems *problems)
{
	if (!lc_given(node->count) || node->count->number < 2)
		return;
	for (uint32_t i = 0; i < node->interfaces_count; i++) {
		const struct interface_said *interface = &node->interfaces[i];

		for (uint32_t k = 0; k < interface->addresses.count; k++)
			not_for_all(node, &interface->addresses.items[k],
				    "address", problems);
		not_for_all(node, interface->mac, "MAC address", problems);
	}
	for (uint32_t i = 0; i < node->networks_count; i++) {
		not_for_all(node, &node->networks[i].address, "address",
			    problems);
		not_for_all(node, &node->networks[i].mac, "MAC address",
			    problems);
	}
}

static bool has_route_through(const struct node_said *node, const char *name)
{
	for (uint32_t i = 0; i < node->routes_count; i++)
		if (lc_given(&node->routes[i].dev) &&
		    !strcmp(node->routes[i].dev.text, name))
			return true;
	return false;
}

static void warn_bare_addresses(const struct node_said *node,
				struct lc_problems *problems)
{
	for (uint32_t i = 0; i < node->interfaces_count; i++) {
		const struct interface_said *interface = &node->interfaces[i];
		const char *name = interface->name.text;

		if (!strcmp(name, "lo") || has_route_through(node, name))
			continue;
		for (uint32_t k = 0; k < interface->addresses.count; k++) {
			const struct lc_value *value =
				&interface->addresses.items[k];

			if (value->bare)
				lc_warning(problems, value->at,
					   "%s is a /%u: no other address is "
					   "on-link; write its length, if that "
					   "is meant", value->text,
					   value->length);
		}
	}
}

void rules_verify_lab(const struct scenario *scenario,
		      struct lc_problems *problems)
{
	for (uint32_t i = 0; i < scenario->nodes_count; i++) {
		verify_counted(&scenario->nodes[i], problems);
		warn_bare_addresses(&scenario->nodes[i], problems);
	}
}

static void verify_capture(const struct capture_said *capture,
			   struct lc_problems *problems)
{
	if (lc_given(&capture->packets) && capture->packets.than == 0 &&
	    capture->packets.relation == LC_AT_LEAST)
		lc_problem(problems, capture->packets.at,
			   "any number is >=0: this asserts nothing");
	if (lc_given(&capture->packets) && capture->packets.than == 0 &&
	    capture->packets.relation == LC_LESS)
		lc_problem(problems, capture->packets.at,
			   "no number is <0: this can't hold");
}

static void verify_action(const struct step_said *step,
			  struct lc_problems *problems)
{
	const char *name = step->check->name;

	if (lc_given(&step->within))
		lc_problem(problems, step->within.at,
			   "`within` goes with a check; %s is an action, which "
			   "is done once", name);
	if (lc_given(&step->for_))
		lc_problem(problems, step->for_.at,
			   "`for` goes with a check; %s is an action", name);
	if (step->check->change && lc_given(&step->needs))
		lc_problem(problems, step->needs.at,
			   "`needs` can't hold %s back: what the lab consists of is known before it is built",
			   name);
}

void rules_verify_step(const struct step_said *step,
		       struct lc_problems *problems)
{
	const struct lc_check *check = step->check;

	if (lc_given(&step->family) && step->family.number == 5)
		lc_problem(problems, step->family.at, "`family` is 4 or 6");
	if (lc_given(&step->arrives) && !check->declare)
		lc_problem(problems, step->arrives.at,
			   "`arrives` goes with a probe, and %s sends none",
			   check->name);
	if (lc_given(&step->family) && !check->declare)
		lc_problem(problems, step->family.at,
			   "`family` goes with a probe, and %s sends none",
			   check->name);
	for (uint32_t i = 0; i < step->capture_count; i++)
		verify_capture(&step->capture[i], problems);
	if (check->act)
		verify_action(step, problems);
	if (check->change == LC_CREATE)
		warn_bare_addresses(step->params, problems);
	if (check->verify)
		check->verify(step->params, problems);
	if (lc_given(&step->within) && !lc_given(&step->for_) &&
	    check->negative && check->negative(step->params))
		lc_problem(problems, step->within.at,
			   "`within` needs `for` too where something must not "
			   "be: without it one early miss would do");
}
