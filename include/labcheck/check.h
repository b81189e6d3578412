/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - what a verb of the language is made of
 *
 * A check never waits.  One that sends *declares* its probes and *judges* what
 * was seen of them; one that looks has the judge alone; an action *acts*.
 * Waiting, deadlines and the proof of a negative live in the engine.
 */
#ifndef LABCHECK_CHECK_H
#define LABCHECK_CHECK_H

#include <stdio.h>

#include <labcheck/change.h>
#include <labcheck/err.h>
#include <labcheck/lab.h>
#include <labcheck/probe.h>
#include <labcheck/report.h>
#include <labcheck/schema.h>

struct lc_problems;

/**
 * lc_problem() - Report a mistake of the scenario, found by a check's verify
 * @at:	Where: that of a value, or of the mapping
 */
void lc_problem(struct lc_problems *problems, struct lc_at at,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

/** lc_warning() - The same for what is allowed, but likely not meant */
void lc_warning(struct lc_problems *problems, struct lc_at at,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

/**
 * struct lc_context - What goes with a step beside its own keys
 * @lab:	The lab
 * @arrives:	-1: not said; else whether the target must (1) or must not (0)
 *		have seen the probe
 * @family:	0, AF_INET or AF_INET6
 */
struct lc_context {
	struct lc_lab *lab;
	int arrives;
	int family;
};

/**
 * struct lc_check - A verb
 * @name:	The YAML key; the file and the symbol bear it too
 * @summary:	One line for `labcheck help`
 * @example:	A step of a scenario, as text, for `labcheck help NAME`
 * @params_size: Of the struct that @fields fills; it begins with struct lc_at
 * @fields:	The keys
 * @verify:	What single fields can't show: that it asserts something, that
 *		keys go together.  May be NULL.  Pure
 * @negative:	Whether it expects that something is not so.  Such a step may
 *		say `within` only together with `for`, or one early miss would
 *		do.  NULL: never
 * @title:	The default name of a step, written to a stream
 * @declare:	Checks that send: add probes to the batch
 * @judge:	Checks: the verdict.  @seen has the probes in the order in which
 *		they were declared, @count of them (0 for checks that look)
 * @change:	Actions that change what the lab consists of: how.  The planner
 *		reads their parameters, see change.h
 * @act:	Actions: change the lab; -errno ends the scenario.  NULL for
 *		checks
 */
struct lc_check {
	const char *name;
	const char *summary;
	const char *example;
	size_t params_size;
	const struct lc_field *fields;
	void (*verify)(const void *params, struct lc_problems *problems);
	bool (*negative)(const void *params);
	void (*title)(const void *params, FILE *out);
	int (*declare)(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err);
	void (*judge)(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *verdict);
	enum lc_change change;
	int (*act)(const void *params, const struct lc_context *context,
		   struct lc_err *err);
};

/* The table of checks/table.c; ends with NULL */
extern const struct lc_check *const lc_checks[];
enum { LC_CHECKS_MAX = 64 };

/** lc_check_find() - A verb by its name, or NULL */
const struct lc_check *lc_check_find(const char *name);

#endif
