/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * problems.h - mistakes of a scenario file, collected and then shown
 */
#ifndef SCENARIO_PROBLEMS_H
#define SCENARIO_PROBLEMS_H

#include <stdbool.h>
#include <stdio.h>

#include <labcheck/value.h>

struct source;

struct problem {
	struct lc_at at;
	bool warning;
	char *text;
};

/** struct lc_problems - All that was found wrong with one file */
struct lc_problems {
	/* Parts of the file were left out for their mistakes: that something
	 * is missing in the plan says nothing then, in networks or at all.
	 * changes_partial: what steps make of the lab can't be told from the
	 * step of index changes_end on */
	bool partial, networks_partial, changes_partial;
	uint32_t changes_end;
	struct problem *items;
	size_t count;
	size_t errors;			/* how many are no warnings */
	size_t dropped;			/* beyond PROBLEMS_MAX */
};

enum { PROBLEMS_MAX = 200 };

void problems_init(struct lc_problems *p);
void problems_done(struct lc_problems *p);

/**
 * problems_print() - Show them in the order of the file
 *
 *	nat.yaml:31:11: error: unknown node 'blu'; did you mean 'blue'?
 *	    ping: {from: blu, to: lan}
 *	                 ^
 */
void problems_print(const struct lc_problems *p, const struct source *source,
		    FILE *out);

#endif
