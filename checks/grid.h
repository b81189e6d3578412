/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grid.h - who is to reach whom, as a table that is read and printed
 */
#ifndef CHECKS_GRID_H
#define CHECKS_GRID_H

#include <labcheck/check.h>

/**
 * struct grid - What an `expect` says of each pair
 * @names:	Of rows and columns, in the table's order
 * @cells:	size * size letters, as a string; NULL: no table, but @all for all pairs
 */
struct grid {
	char *text;
	char **names;
	size_t size;
	char *cells;
	char all;
};

/** grid_read() - `all`, `none`, a table, or nothing: all */
int grid_read(struct grid *grid, const struct lc_value *expect,
	      struct lc_err *err);
void grid_done(struct grid *grid);

bool grid_speaks_of(const struct grid *grid, const char *name);

/** grid_cell() - The letter of a pair; 0: the table does not speak of it */
char grid_cell(const struct grid *grid, const char *from, const char *to);

/** grid_holds() - Whether a pair ended as the table says */
bool grid_holds(const struct grid *grid, const struct lc_seen *seen);

/** grid_note() - Expected, actual and difference side by side */
void grid_note(const struct grid *grid, const struct lc_seen *seen,
	       size_t count, struct lc_verdict *verdict);

#endif
