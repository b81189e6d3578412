/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_command.h - what the commands of a script have in common
 */
#ifndef SCENARIO_SCRIPT_COMMAND_H
#define SCENARIO_SCRIPT_COMMAND_H

#include <stdio.h>

struct plan_node;

/** script_command() - "PROGRAM -n NODE WORDS", of iproute2 */
void script_command(FILE *out, const char *program,
		    const struct plan_node *node, const char *words);

/** script_option() - " KEY VALUE" */
void script_option(FILE *out, const char *key, const char *value);

#endif
