/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_change.h - what steps make of a lab, as commands
 */
#ifndef SCENARIO_SCRIPT_CHANGE_H
#define SCENARIO_SCRIPT_CHANGE_H

#include <stdio.h>

struct plan;

/** script_changes() - A function for each step that goes on to another state */
void script_changes(const struct plan *plan, FILE *out);

/* What script.c has for it */

/** script_namespaces() - Make those that plan->before has not */
void script_namespaces(const struct plan *plan, FILE *out);

/** script_state() - Make whatever else plan->before has not */
void script_state(const struct plan *plan, FILE *out);

#endif
