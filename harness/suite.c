// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suite.c - the scenarios of one call: chosen and read
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "options.h"
#include "order.h"
#include "scenario/problems.h"
#include "suite.h"

/* What is allowed but likely not meant is for `lint` to say */
static void drop_warnings(struct lc_problems *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].warning)
			free(p->items[i].text);
		else
			p->items[kept++] = p->items[i];
	p->count = kept;
}

static int load_file(struct suite_file *f, bool lint)
{
	const char *path = f->path;
	struct lc_problems problems;
	struct lc_err err = { "" };
	int r;

	problems_init(&problems);
	r = scenario_load(&f->loaded, path, &problems, &err);
	/* What the plan finds is told together with what the loader found */
	if (f->loaded.scenario) {
		int p = plan_make(&f->plan, f->loaded.scenario, &problems);

		r = r ?: p;
	}
	if (!lint)
		drop_warnings(&problems);
	problems_print(&problems, &f->loaded.source, stderr);
	if (r && r != -EINVAL)
		fprintf(stderr, "labcheck: %s: %s\n", path, err.text);
	else if (r && !problems.errors)
		fprintf(stderr, "labcheck: %s: %s\n", path,
			err.text[0] ? err.text : strerror(-r));
	problems_done(&problems);
	return r ? EXIT_WRONG : 0;
}

static bool matches(const struct options *o, const struct suite_file *f)
{
	const struct scenario *s = f->loaded.scenario;

	if (!regexec(&o->select, f->path, 0, NULL, 0))
		return true;
	if (lc_given(&s->name) &&
	    !regexec(&o->select, s->name.text, 0, NULL, 0))
		return true;
	for (uint32_t i = 0; i < s->tags.count; i++)
		if (!regexec(&o->select, s->tags.texts[i], 0, NULL, 0))
			return true;
	return false;
}

/* A pattern that matches nothing is a mistake; it must not look like a pass */
static int select_matching(struct suite *suite, const struct options *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < suite->chosen_count; i++)
		if (matches(o, suite->chosen[i]))
			suite->chosen[kept++] = suite->chosen[i];
	suite->chosen_count = kept;
	if (kept)
		return 0;
	fprintf(stderr, "labcheck: -k '%s' matches no scenario\n",
		o->select_text);
	return EXIT_WRONG;
}

static int out_of_memory(void)
{
	fputs("labcheck: out of memory\n", stderr);
	return EXIT_BROKEN;
}

static int take_part(struct suite *suite, const struct options *o)
{
	if (o->parts && order_shard(suite->chosen, suite->chosen_count,
				    o->part, o->parts, &suite->chosen_count))
		return out_of_memory();
	return 0;
}

static int load_all(struct suite *suite, bool lint)
{
	int status = 0;

	for (size_t i = 0; i < suite->chosen_count; i++) {
		int r = load_file(suite->chosen[i], lint);

		status = r ?: status;
	}
	return status;
}

/* What is chosen by more than its path has to be read before it is divided */
static int load_part(struct suite *suite, const struct options *o)
{
	bool lint = o->command == COMMAND_LINT;
	int status = o->selects ? 0 : take_part(suite, o);

	status = status ?: load_all(suite, lint);
	if (status || !o->selects)
		return status;
	status = select_matching(suite, o);
	return status ?: take_part(suite, o);
}

void suite_shuffle(struct suite *suite)
{
	order_shuffle(suite->chosen, suite->chosen_count, &suite->random);
}

/* Sorted before, so that a seed means the same order everywhere */
static int first_order(struct suite *suite, const struct options *o)
{
	if (!o->shuffles)
		return 0;
	if (order_sort(suite->chosen, suite->chosen_count))
		return out_of_memory();
	suite->random = o->seed;
	suite_shuffle(suite);
	return 0;
}

int suite_load(struct suite *suite, const struct options *o)
{
	/* The second operand of `shell` is a node */
	size_t count = o->command == COMMAND_SHELL ? 1 : o->operand_count;
	int status;

	*suite = (struct suite){ 0 };
	suite->files = calloc(count, sizeof(*suite->files));
	suite->chosen = calloc(count, sizeof(*suite->chosen));
	if (!suite->files || !suite->chosen)
		return out_of_memory();
	suite->count = suite->chosen_count = count;
	for (size_t i = 0; i < count; i++) {
		suite->files[i].path = o->operands[i];
		suite->files[i].place = i + 1;
		suite->chosen[i] = &suite->files[i];
	}
	status = load_part(suite, o);
	return status ?: first_order(suite, o);
}

void suite_done(struct suite *suite)
{
	for (size_t i = 0; i < suite->count; i++) {
		plan_done(&suite->files[i].plan);
		loaded_done(&suite->files[i].loaded);
	}
	free(suite->files);
	free(suite->chosen);
	*suite = (struct suite){ 0 };
}
