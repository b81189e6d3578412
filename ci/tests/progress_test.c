// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress_test.c - the line that says what is waited for
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "job.h"
#include "progress.h"
#include "suite.h"

#define SECOND 1000000000ull

static struct step_said steps[] = {
	{ .title = (char *)"ping red -> blue" },
	{ .title = (char *)"a\tb\n\x1b[2J" },
	/* As wide as twelve letters */
	{ .title = (char *)"\xe4\xb8\x80\xe4\xba\x8c\xe4\xb8\x89\xe5\x9b\x9b\xe4\xba\x94\xe5\x85\xad" },
};

static const struct text_case {
	unsigned long done, total;
	size_t running;
	uint32_t heard;
	bool built;
	size_t columns;
	const char *text;
} cases[] = {
	{ 0, 1, 1, 0, false, 80, "[2 s] a.yaml: building the lab" },
	{ 0, 1, 1, 0, true, 80, "[2 s] a.yaml: step 1 of 3, ping red -> blue" },
	{ 2, 26, 1, 0, true, 80,
	  "3/26 [2 s] a.yaml: step 1 of 3, ping red -> blue" },
	{ 2, 26, 4, 3, true, 80,
	  "3/26 [2 s] (and 3 more) a.yaml: taking the lab down" },
	/* Nothing of it moves the terminal's cursor elsewhere */
	{ 0, 1, 1, 1, true, 80,
	  "[2 s] a.yaml: step 2 of 3, a b \xe2\x90\x9b[2J" },
	/* It never takes the last column, nor half of a character */
	{ 0, 1, 1, 0, false, 11, "[2 s] a.ya" },
	{ 0, 1, 1, 2, true, 33,
	  "[2 s] a.yaml: step 3 of 3, \xe4\xb8\x80\xe4\xba\x8c" },
	{ 0, 1, 1, 2, true, 32,
	  "[2 s] a.yaml: step 3 of 3, \xe4\xb8\x80\xe4\xba\x8c" },
	{ 0, 1, 1, 0, false, 1, "" },
};

static void test_texts(void **state)
{
	struct scenario scenario = { .steps = steps, .steps_count = 3 };
	struct suite_file file = { .path = "a.yaml" };

	(void)state;
	file.loaded.scenario = &scenario;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct text_case *c = &cases[i];
		const struct progress_state s = { c->done, c->total,
						  c->running };
		struct job job = {
			.file = &file,
			.heard = c->heard,
			.built_ns = c->built,
			.began_ns = 5 * SECOND,
		};
		char text[400];

		progress_text(text, sizeof(text), c->columns, &s, &job,
			      8 * SECOND - 1);
		assert_string_equal(text, c->text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
