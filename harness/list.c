// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list.c - what would run
 *
 * A line for each scenario, and indented below what it is about and its steps:
 * who wants the scenarios alone takes the lines that begin at the margin.
 */
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "suite.h"

static void list_name(const struct suite_file *f)
{
	const struct scenario *s = f->loaded.scenario;

	printf("%s", f->path);
	if (lc_given(&s->name))
		printf("  %s", s->name.text);
	for (uint32_t i = 0; i < s->tags.count; i++)
		printf("%s%s", i ? "," : "  [", s->tags.texts[i]);
	printf("%s  %u step%s\n", s->tags.count ? "]" : "", s->steps_count,
	       s->steps_count == 1 ? "" : "s");
}

static void list_scenario(const struct suite_file *f)
{
	const struct scenario *s = f->loaded.scenario;

	list_name(f);
	if (lc_given(&s->description))
		printf("    %.*s\n", (int)strcspn(s->description.text, "\n"),
		       s->description.text);
	for (uint32_t i = 0; i < s->steps_count; i++)
		printf("    %4u  %.*s\n", i + 1,
		       (int)strcspn(s->steps[i].title, "\n"),
		       s->steps[i].title);
}

int suite_list(const struct suite *suite)
{
	for (size_t i = 0; i < suite->chosen_count; i++)
		list_scenario(suite->chosen[i]);
	return EXIT_PASSED;
}
