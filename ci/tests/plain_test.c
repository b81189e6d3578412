// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plain_test.c - any text as one that JSON and XML can hold
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/plain.h"

#define BAD "\xef\xbf\xbd"

static const struct plain_case {
	const char *text, *valid, *printable;
} cases[] = {
	{ "", "", "" },
	{ "a\tb\nc", "a\tb\nc", "a\tb\nc" },
	{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x9a",
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x9a",
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x9a" },
	/* No UTF-8: single bytes, a surrogate, what is cut off at the end */
	{ "\xff" "a\x80", BAD "a" BAD, BAD "a" BAD },
	{ "\xed\xa0\x80", BAD BAD BAD, BAD BAD BAD },
	{ "a\xe2\x82", "a" BAD BAD, "a" BAD BAD },
	/* Controls are pictures of themselves: ESC, CR, DEL */
	{ "\x1b[2J\r\x7f", "\x1b[2J\r\x7f",
	  "\xe2\x90\x9b[2J\xe2\x90\x8d\xe2\x90\xa1" },
	/* A control of C1, one that turns the writing, a noncharacter */
	{ "\xc2\x9b", "\xc2\x9b", BAD },
	{ "\xe2\x80\xae", "\xe2\x80\xae", BAD },
	{ "\xef\xbf\xbf", "\xef\xbf\xbf", BAD },
};

static void check(const char *text, bool printable, const char *wanted)
{
	char *plain = plain_text(text, printable);

	assert_non_null(plain);
	assert_string_equal(plain, wanted);
	free(plain);
}

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check(cases[i].text, false, cases[i].valid);
		check(cases[i].text, true, cases[i].printable);
	}
	assert_null(plain_text(NULL, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
