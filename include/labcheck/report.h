/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - the verdict on a step, and what is told with it
 */
#ifndef LABCHECK_REPORT_H
#define LABCHECK_REPORT_H

#include <stddef.h>

/**
 * enum lc_result - How a step ended; these never mix
 * @LC_PASS:	The network is as the scenario says
 * @LC_FAIL:	It is not
 * @LC_SKIP:	This machine can't, and says what it lacks
 * @LC_ERROR:	labcheck could not measure: never a pass
 */
enum lc_result { LC_PASS, LC_FAIL, LC_SKIP, LC_ERROR };

/** struct lc_note - One line of the diagnostics: `key: value` */
struct lc_note {
	char *key;	/* several in a row with the same key: one list */
	char *value;	/* one line of printable text */
};

struct lc_seen;

/**
 * struct lc_verdict - What a check found
 * @about:	The probe that it failed for; NULL: it is about something else
 */
struct lc_verdict {
	enum lc_result result;
	const struct lc_seen *about;
	char *reason;			/* of a skip or an error; else NULL */
	struct lc_note *notes;
	size_t note_count;
};

void lc_verdict_init(struct lc_verdict *v);
void lc_verdict_done(struct lc_verdict *v);

/** lc_verdict_note() - Add a line `key: value` to the diagnostics */
void lc_verdict_note(struct lc_verdict *v, const char *key,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * lc_verdict_lines() - Add what a program said: its first lines, a note each
 * @length:	Of @text, which may hold anything
 */
void lc_verdict_lines(struct lc_verdict *v, const char *key, const char *text,
		      size_t length);

/**
 * lc_verdict_fail() - The network is not as the scenario says
 *
 * The words become the note `why`.  Failing twice keeps both.  An error or a
 * skip noted before stays one.
 */
void lc_verdict_fail(struct lc_verdict *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** lc_verdict_expect() - Fail with the notes `expected` and `got` */
void lc_verdict_expect(struct lc_verdict *v, const char *expected,
		       const char *got);

/** lc_verdict_error() - labcheck could not measure; wins over all else */
void lc_verdict_error(struct lc_verdict *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** lc_verdict_skip() - This machine can't; say what it lacks */
void lc_verdict_skip(struct lc_verdict *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
