/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - all that one call has found, for reports that are made of it
 *
 * TAP is written as it comes; the other reports have their sums at the top, so
 * they are made of this at the end.  `labcheck merge` fills one from files.
 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/report.h>
#include <labcheck/value.h>

/** struct record_step - A step; @hint, @todo: or NULL */
struct record_step {
	char *title, *verb, *hint, *todo;
	struct lc_at at;
	struct lc_verdict verdict;
	uint64_t elapsed_ns;
};

/**
 * struct record_scenario - One run of one scenario
 * @place:	Of its file among those that were given, from 1
 * @round:	Of --repeat, from 1
 * @built_ns:	What building took; 0: it was not built
 */
struct record_scenario {
	char *path, *name, *description;	/* the last two: or NULL */
	char **tags;
	size_t tag_count;
	unsigned long place, round;
	uint64_t built_ns, elapsed_ns;
	struct record_step *steps;
	size_t step_count;
};

/**
 * struct record - One call
 * @given:	How many files it was given, with those of other shards
 * @list:	A number that stands for their paths
 * @part:	Of @parts; 0: it was not divided
 * @repeat:	Rounds that were asked for
 * @seed:	Of --shuffle, or 0
 * @ended:	Why it is not whole, or NULL
 * @short_of_memory: Something is missing in it: no report may be made of it
 */
struct record {
	unsigned long given, part, parts, repeat, seed;
	uint64_t list;
	char *ended;
	struct record_scenario *scenarios;
	size_t scenario_count;
	bool short_of_memory;
};

/** struct record_sums - How many steps ended how; a todo is no failure */
struct record_sums {
	size_t steps, passed, failed, todo, skipped, errors;
};

void record_init(struct record *record);
void record_done(struct record *record);

/** record_text() - A copy of a text; that there is none is noted */
char *record_text(struct record *record, const char *text);

/** record_add_scenario() - An empty one at the end, or NULL */
struct record_scenario *record_add_scenario(struct record *record);

/** record_add_tag() - One at the end */
void record_add_tag(struct record *record, struct record_scenario *scenario,
		    const char *tag);

/** record_add_step() - An empty one at the end of a scenario, or NULL */
struct record_step *record_add_step(struct record *record,
				    struct record_scenario *scenario);

/** record_end() - Note why it is not whole; the first reason stays */
void record_end(struct record *record, const char *why);

void record_sum_scenario(const struct record_scenario *scenario,
			 struct record_sums *sums);
void record_sum(const struct record *record, struct record_sums *sums);

/** record_is_todo() - Whether it failed as its author said it would */
bool record_is_todo(const struct record_step *step);

#endif
