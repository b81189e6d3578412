/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - a record as one JSON document
 *
 *	{ "format": 1, "given": 3, "list": "9f0...", "repeat": 1,
 *	  "shard": { "part": 1, "parts": 2 }, "seed": 7, "ended": "...",
 *	  "summary": { "steps": 4, "passed": 1, "failed": 1, "todo": 0,
 *		       "skipped": 1, "errors": 1 },
 *	  "scenarios": [ {
 *	    "file": "nat.yaml", "name": "nat", "description": "...",
 *	    "tags": [ ], "place": 1, "round": 1, "built_ns": 1, "elapsed_ns": 2,
 *	    "steps": [ {
 *	      "title": "...", "verb": "ping", "line": 31, "column": 5,
 *	      "result": "fail", "elapsed_ns": 3,
 *	      "reason": "of a skip or an error", "todo": "...", "hint": "...",
 *	      "notes": { "expected": "reply", "journey": [ "one", "two" ] } } ] } ] }
 *
 * What there is not, such as a shard or a hint, has no key.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdio.h>

struct lc_err;
struct record;

/** json_write() - 0, or -errno with @err */
int json_write(const struct record *record, FILE *out, struct lc_err *err);

/** json_read() - Fill an empty record; -EINVAL with @err: it is none of ours */
int json_read(struct record *record, const char *path, struct lc_err *err);

extern const char *const json_results[];	/* by enum lc_result, then NULL */

#endif
