// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_command.c - what the commands of a script have in common
 */
#include "plan.h"
#include "quote.h"
#include "script_command.h"

void script_command(FILE *out, const char *program,
		    const struct plan_node *node, const char *words)
{
	fprintf(out, "%s -n ", program);
	shell_word(out, node->name);
	fprintf(out, " %s", words);
}

void script_option(FILE *out, const char *key, const char *value)
{
	fprintf(out, " %s ", key);
	shell_word(out, value);
}
