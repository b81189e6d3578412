/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite.h - the scenarios of one call
 */
#ifndef HARNESS_SUITE_H
#define HARNESS_SUITE_H

#include "scenario/plan.h"

struct options;
struct telling;

/**
 * struct suite_file - One scenario, read and planned
 * @path:	As it was given
 * @place:	Among those that were given, from 1
 */
struct suite_file {
	const char *path;
	size_t place;
	struct loaded loaded;
	struct plan plan;
};

/**
 * struct suite - The scenarios of one call
 * @files:	All that were named; only those of this shard are read
 * @chosen:	Those to run or list, in that order
 * @random:	Of --shuffle, for the next order
 */
struct suite {
	struct suite_file *files;
	size_t count;
	struct suite_file **chosen;
	size_t chosen_count;
	uint64_t random;
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

/** suite_shuffle() - Put those that are chosen into the next random order */
void suite_shuffle(struct suite *suite);

/** suite_run() - Run the chosen ones and report; an exit status */
int suite_run(struct suite *suite, const struct options *options,
	      struct telling *telling);

/** suite_list() - Their names, tags, descriptions, steps; an exit status */
int suite_list(const struct suite *suite);

#endif
