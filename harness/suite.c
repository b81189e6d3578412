// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suite.c - the scenarios of one call: read, chosen, listed
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "options.h"
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

static int load_file(struct suite_file *f, const char *path, bool lint)
{
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

static bool matches(const struct options *o, const struct suite_file *f,
		    const char *path)
{
	const struct scenario *s = f->loaded.scenario;

	if (!o->selects || !regexec(&o->select, path, 0, NULL, 0))
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
static int choose(struct suite *suite, const struct options *o)
{
	for (size_t i = 0; i < suite->count; i++)
		if (matches(o, &suite->files[i], o->operands[i]))
			suite->chosen[suite->chosen_count++] = &suite->files[i];
	if (suite->chosen_count)
		return EXIT_PASSED;
	fprintf(stderr, "labcheck: -k '%s' matches no scenario\n",
		o->select_text);
	return EXIT_WRONG;
}

int suite_load(struct suite *suite, const struct options *o)
{
	/* The second operand of `shell` is a node */
	size_t count = o->command == COMMAND_SHELL ? 1 : o->operand_count;
	int status = 0;

	*suite = (struct suite){ 0 };
	suite->files = calloc(count, sizeof(*suite->files));
	suite->chosen = calloc(count, sizeof(*suite->chosen));
	if (!suite->files || !suite->chosen)
		return EXIT_BROKEN;
	for (; suite->count < count; suite->count++) {
		int r = load_file(&suite->files[suite->count],
				  o->operands[suite->count],
				  o->command == COMMAND_LINT);

		status = r ?: status;
	}
	return status ?: choose(suite, o);
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

int suite_list(const struct suite *suite)
{
	for (size_t i = 0; i < suite->chosen_count; i++) {
		const struct suite_file *f = suite->chosen[i];
		const struct scenario *s = f->loaded.scenario;

		printf("%s", f->loaded.source.path);
		if (lc_given(&s->name))
			printf("  %s", s->name.text);
		for (uint32_t k = 0; k < s->tags.count; k++)
			printf("%s%s", k ? "," : "  [", s->tags.texts[k]);
		printf("%s  %u step%s\n", s->tags.count ? "]" : "",
		       s->steps_count, s->steps_count == 1 ? "" : "s");
		if (lc_given(&s->description))
			printf("    %.*s\n",
			       (int)strcspn(s->description.text, "\n"),
			       s->description.text);
	}
	return EXIT_PASSED;
}
