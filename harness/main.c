// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - the command line; the only exit
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/err.h>

#include "doubt.h"
#include "help.h"
#include "merge.h"
#include "options.h"
#include "scenario/script.h"
#include "shell.h"
#include "suite.h"
#include "telling.h"
#include "version.h"

static int help(const struct options *o)
{
	if (!o->operand_count) {
		help_general(stdout);
		return EXIT_PASSED;
	}
	for (size_t i = 0; i < o->operand_count; i++)
		if (help_topic(o->operands[i], stdout))
			return EXIT_WRONG;
	return EXIT_PASSED;
}

/* Whoever has a shell may ask for names */
static int with_shell(struct plan *plan, const struct options *o)
{
	plan->names = true;
	return shell_run(plan, o);
}

static int with_suite(const struct options *o)
{
	struct suite suite;
	int status = suite_load(&suite, o);

	if (!status && o->command == COMMAND_PLAN)
		script_print(&suite.files[0].plan, stdout);
	else if (!status && o->command == COMMAND_SHELL)
		status = with_shell(&suite.files[0].plan, o);
	else if (!status && o->command == COMMAND_DOUBT)
		status = doubt_run(&suite, o);
	else if (!status && o->list)
		status = suite_list(&suite);
	suite_done(&suite);
	return status;
}

static int run(const struct options *o)
{
	struct telling telling;
	struct suite suite;
	int status = telling_open(&telling, o);

	if (status)
		return status;
	status = suite_load(&suite, o);
	if (status)
		telling_refuse(&telling, "nothing was run: a scenario or the command line is wrong");
	else
		status = suite_run(&suite, o, &telling);
	suite_done(&suite);
	return status;
}

static int command(const struct options *o)
{
	switch (o->command) {
	case COMMAND_HELP:
		return help(o);
	case COMMAND_VERSION:
		puts("labcheck " LABCHECK_VERSION);
		return EXIT_PASSED;
	case COMMAND_RUN:
		return o->list ? with_suite(o) : run(o);
	case COMMAND_LINT:
	case COMMAND_DOUBT:
	case COMMAND_PLAN:
	case COMMAND_SHELL:
		return with_suite(o);
	case COMMAND_MERGE:
		return merge_reports(o);
	}
	return EXIT_WRONG;
}

int main(int argc, char **argv)
{
	struct options options;
	struct lc_err err;
	int status;

	if (options_read(&options, argc, argv, &err)) {
		fprintf(stderr, "labcheck: %s\nTry 'labcheck help'.\n",
			err.text);
		return EXIT_WRONG;
	}
	status = command(&options);
	options_done(&options);
	if (fflush(stdout)) {
		perror("labcheck: standard output");
		status = EXIT_BROKEN;
	}
	return status;
}
