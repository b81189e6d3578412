// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load_fuzz.c - any bytes whatever, as a scenario file
 *
 * For libFuzzer.  Whatever comes must end in a scenario or in mistakes that
 * are told, without a leak; and what was verified, libcyaml must not refuse.
 * What is loaded without a mistake is planned as well.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/plan.h"
#include "scenario/problems.h"
#include "scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void plan(const struct scenario *scenario, struct lc_problems *problems)
{
	struct plan made = { 0 };

	plan_make(&made, scenario, problems);
	plan_done(&made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static FILE *nowhere;
	struct lc_problems problems;
	struct source source = { 0 };
	struct loaded loaded;
	struct lc_err err;
	int r;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (source_from_memory(&source, "fuzz", bytes, length, &err) < 0)
		return 0;
	problems_init(&problems);
	r = load_source(&loaded, &source, lc_checks, &problems, &err);
	if (r && r != -EINVAL) {
		fprintf(stderr, "%d: %s\n", r, err.text);
		abort();
	}
	if ((r == -EINVAL) != (problems.errors > 0))
		abort();
	if (loaded.scenario)
		plan(loaded.scenario, &problems);
	problems_print(&problems, &loaded.source, nowhere);
	problems_done(&problems);
	loaded_done(&loaded);
	return 0;
}
