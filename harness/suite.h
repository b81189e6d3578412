/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite.h - the scenarios of one call
 */
#ifndef HARNESS_SUITE_H
#define HARNESS_SUITE_H

#include "scenario/plan.h"

struct options;

/** struct suite_file - One scenario, read and planned */
struct suite_file {
	struct loaded loaded;
	struct plan plan;
};

/**
 * struct suite - The scenarios of one call
 * @chosen:	Those to run or list, in that order
 */
struct suite {
	struct suite_file *files;
	size_t count;
	const struct suite_file **chosen;
	size_t chosen_count;
};

/**
 * suite_load() - Read, verify and plan all files
 *
 * Whatever is wrong with any of them goes to standard error.
 *
 * Return: 0, or an exit status: nothing must be run then
 */
int suite_load(struct suite *suite, const struct options *options);
void suite_done(struct suite *suite);

/** suite_run() - Run the chosen ones and report; an exit status */
int suite_run(const struct suite *suite, const struct options *options);

/** suite_list() - Their names, tags and steps; an exit status */
int suite_list(const struct suite *suite);

#endif
