// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load_fuzz.c - any bytes whatever, as a scenario file
 *
 * For libFuzzer.  Whatever comes must end in a scenario or in mistakes that
 * are told, without a leak; and what was verified, libcyaml must not refuse.
 * What is loaded without a mistake is planned as well, and printed as a script.
 *
 *	CFLAGS='-g -fsanitize=fuzzer-no-link' make BUILD=build/fuzz \
 *		VARIANT=san CC=clang build/fuzz/labcheck
 *	clang -D_GNU_SOURCE -Iinclude -Iharness -g \
 *		-fsanitize=fuzzer,address,undefined ci/fuzz/load_fuzz.c \
 *		$(find build/fuzz -name '*.o' ! -name main.o) \
 *		-lcyaml -lyaml -lmnl -ldl -o build/fuzz/load_fuzz
 *	build/fuzz/load_fuzz CORPUS scenarios ci/tests/good ci/tests/bad
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
#include "scenario/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void plan(const struct scenario *scenario, struct lc_problems *problems,
		 FILE *nowhere)
{
	struct plan made = { 0 };

	if (!plan_make(&made, scenario, problems))
		script_print(&made, nowhere);
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
		plan(loaded.scenario, &problems, nowhere);
	problems_print(&problems, &loaded.source, nowhere);
	problems_done(&problems);
	loaded_done(&loaded);
	return 0;
}
