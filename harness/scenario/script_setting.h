/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_setting.h - the settings of a plan as commands
 */
#ifndef SCENARIO_SCRIPT_SETTING_H
#define SCENARIO_SCRIPT_SETTING_H

#include <stdbool.h>
#include <stdio.h>

struct plan;
struct plan_node;

/** script_settings_functions() - Functions for labcheck's own settings */
void script_settings_functions(const struct plan *plan, FILE *out);

/**
 * script_settings() - What a node has beyond those
 * @interfaces:	Whether those that name an interface, or the others
 */
void script_settings(const struct plan_node *node, bool interfaces, FILE *out);

#endif
