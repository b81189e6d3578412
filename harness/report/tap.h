/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.h - Test Anything Protocol, version 13 (testanything.org)
 */
#ifndef REPORT_TAP_H
#define REPORT_TAP_H

#include <stdbool.h>
#include <stdio.h>

#include <labcheck/value.h>

struct lc_verdict;

struct tap {
	FILE *out;
	bool colour;
	unsigned long count;	/* test lines written */
};

/** struct tap_line - What is told of one step beside its verdict */
struct tap_line {
	const char *prefix;	/* "nat.yaml: ", or "" */
	const char *title;
	const char *path;	/* of the file, for `at:` */
	struct lc_at at;
	const char *hint;	/* or NULL */
	const char *todo;	/* or NULL */
};

void tap_begin(struct tap *tap, FILE *out, bool colour, unsigned long plan);

/** tap_step() - One test line with its diagnostics, flushed at once */
void tap_step(struct tap *tap, const struct tap_line *line,
	      const struct lc_verdict *verdict);

/** tap_comment() - A line of comment */
void tap_comment(struct tap *tap, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** tap_bail_out() - Nothing more will come */
void tap_bail_out(struct tap *tap, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
