/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line, read
 */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct lc_err;

/** Exit statuses, see `labcheck help` */
enum {
	EXIT_PASSED = 0,	/* all passed or were skipped */
	EXIT_FAILED = 1,	/* a check failed */
	EXIT_WRONG = 2,		/* the scenario or the command line is wrong */
	EXIT_BROKEN = 3,	/* labcheck could not do its job */
};

enum command {
	COMMAND_RUN, COMMAND_LINT, COMMAND_DOUBT, COMMAND_PLAN, COMMAND_SHELL,
	COMMAND_MERGE, COMMAND_HELP, COMMAND_VERSION,
};

struct options {
	enum command command;
	bool list, must_run, privileged;
	const char *pcap;		/* --pcap: a directory, or NULL */
	unsigned long repeat;
	unsigned long jobs;		/* scenarios side by side */
	unsigned long part, parts;	/* --shard; 0: all */
	bool shuffles;			/* --shuffle was given, */
	unsigned long seed;		/* with this or one of our own */
	const char *json, *junit;	/* files to write, or NULL */
	bool github;
	bool selects;			/* -k was given */
	const char *select_text;
	regex_t select;
	char **operands;
	size_t operand_count;
};

/** options_read() - -EINVAL with @err when the command line is wrong */
int options_read(struct options *options, int argc, char **argv,
		 struct lc_err *err);
void options_done(struct options *options);

#endif
