/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_rule.h - the rules of networks as a command that loads them
 */
#ifndef SCENARIO_SCRIPT_RULE_H
#define SCENARIO_SCRIPT_RULE_H

#include <stdio.h>

struct plan_node;

/** script_rules() - The command that loads all those of a node, if it has any */
void script_rules(const struct plan_node *node, FILE *out);

/** script_rules_change() - From those of a state to those of the next */
void script_rules_change(const struct plan_node *before,
			 const struct plan_node *after, FILE *out);

#endif
