/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutant_lab.h - a text, its plan and the ways to break it, for tests of mutants
 *
 * The tests include it, behind cmocka's header.
 */
#ifndef MUTANT_LAB_H
#define MUTANT_LAB_H

#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/mutant.h"
#include "scenario/plan.h"
#include "scenario/problems.h"

/** struct lab - A scenario with its plan and mutants */
struct lab {
	struct loaded loaded;
	struct plan plan;
	struct mutants mutants;
};

static inline void lab_make(struct lab *lab, const char *text)
{
	struct source source = {
		.path = strdup("test.yaml"),
		.text = strdup(text),
		.length = strlen(text),
	};
	struct lc_problems problems;
	struct lc_err err = { "" };

	problems_init(&problems);
	load_source(&lab->loaded, &source, lc_checks, &problems, &err);
	plan_make(&lab->plan, lab->loaded.scenario, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (!problems.items[i].warning)
			print_error("%s\n", problems.items[i].text);
	assert_int_equal(problems.errors, 0);
	problems_done(&problems);
	mutants_make(&lab->mutants, &lab->plan);
}

static inline void lab_unmake(struct lab *lab)
{
	mutants_done(&lab->mutants);
	plan_done(&lab->plan);
	loaded_done(&lab->loaded);
}

#endif
