// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load_abuse_test.c - files that are no scenario, or were made to hurt
 *
 * Each is told what is wrong with it, in bounded time and memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <time.h>

#include <labcheck/auto.h>

#include "load_outcome.h"

static char *repeated(const char *prefix, const char *part, size_t count,
		      size_t *ret_length)
{
	char *text;
	FILE *out = open_memstream(&text, ret_length);

	fputs(prefix, out);
	for (size_t i = 0; i < count; i++)
		fputs(part, out);
	fclose(out);
	return text;
}

static void test_repeated(void **state)
{
	static const struct {
		const char *prefix, *part;
		size_t count;
		const char *words;
	} rows[] = {
		{ "a: ", "[", 1000000, "nested more than" },
		{ "a: ", "[\n", 1000000, "nested more than" },
		{ "", "- ", 1000000, "nested more than" },
		{ "", "? ", 1000000, "nested more than" },
		{ "a: ", "{a: ", 1000000, "nested more than" },
		{ "tags: [a", ",a", 2000000, "more than 1000000 values" },
		{ "tags:\n", "- a\n", 100000, "100000 items; at most" },
		{ "", "a: 1\n", 100000, "is there twice" },
		{ "nodes:\n", "- {name: a}\n", 20000, "is there twice" },
		{ "nodes: [{name: a}]\nsteps:\n",
		  "- ping: {from: a, to: bb}\n", 20000, "unknown node 'bb'" },
		{ "nodes: [{name: c, count: 4000}]\nsteps:\n",
		  "- look: {among: ['z*']}\n", 20000, "no node matches" },
		{ "a: &a [", "*a, ", 100000, "inside what it stands for" },
		{ "# ", "a", 16 << 20, "" },
		{ "", "\n", 16 << 20, "holds no scenario" },
		{ "name: \"", "\\", 1000000, "never closed" },
		{ "name: ", "'", 1000001, "never closed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lc_auto(lc_free) char *text = NULL;
		struct source source = { 0 };
		struct outcome o;
		size_t length;

		text = repeated(rows[i].prefix, rows[i].part, rows[i].count,
				&length);
		if (length > SOURCE_MAX_BYTES) {
			assert_int_equal(source_from_memory(&source, "t", text,
							    length, NULL),
					 -EFBIG);
			continue;
		}
		outcome_load(&o, text, length);
		if (!strstr(o.told, rows[i].words))
			fail_msg("%s%s...: %.2000s", rows[i].prefix,
				 rows[i].part, o.told);
		outcome_done(&o);
	}
}

static void test_laughs(void **state)
{
	char text[4096] = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
	struct outcome o;

	(void)state;
	for (int i = 1; i < 30; i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n,
			 "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
			 i - 1, i - 1, i - 1, i - 1, i - 1);
	}
	LOAD(&o, text);
	assert_non_null(strstr(o.told, "makes more than 1000000 values"));
	assert_int_equal(o.problems.errors, 1);
	outcome_done(&o);
}

static void test_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *told;
	} rows[] = {
		{ "", 0, "t:1:1: error: the file is empty\n" },
		{ "\xef\xbb\xbf", 3, "t:1:1: error: the file is empty\n" },
		{ "a\0b", 3, "t:1:2: error: this is a binary file, not a "
			     "scenario\na\n ^\n" },
		{ "\x7f" "ELF\0", 5, "t:1:1: error: this is a binary file, not "
				     "a scenario\n?ELF\n^\n" },
		{ "\xff\xfe" "a\0", 4, "t:1:1: error: this is UTF-16 text: "
				       "save it as UTF-8\n??a\n^\n" },
		{ "a: \xe2\x82", 5, "t:1:4: error: this is not UTF-8 text\n"
				    "a: ??\n   ^\n" },
		{ "a: \xc0\x80", 5, "t:1:4: error: this is not UTF-8 text\n"
				    "a: ??\n   ^\n" },
		{ "a: \xf4\x90\x80\x80", 7, "t:1:4: error: this is not UTF-8 "
					    "text\na: ????\n   ^\n" },
		{ "a\r\n\rb\x01", 6, "t:3:2: error: a control character; in "
				     "double quotes it can be written as "
				     "\\xNN\nb?\n ^\n" },
		{ "a: \xe2\x80\xa8", 6, "t:1:4: error: a line break that most "
					"editors do not show: use an ordinary "
					"one\na: ?\n   ^\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct outcome o;

		outcome_load(&o, rows[i].bytes, rows[i].length);
		assert_string_equal(o.told, rows[i].told);
		outcome_done(&o);
	}
}

/* Line ends of another system and a byte order mark change nothing */
static void test_line_ends(void **state)
{
	static const char text[] =
		"\xef\xbb\xbfnodes:\r\n"
		"  - name: red\r\n"
		"    nftables: |\r\n"
		"      a\r\n"
		"      b\r\n"
		"steps:\r\n"
		"  - ping: {from: red, to: rde}\r\n";
	struct outcome o;

	(void)state;
	LOAD(&o, text);
	assert_string_equal(o.told, "t:7:27: error: unknown node 'rde'; did "
				    "you mean 'red'?\n"
				    "  - ping: {from: red, to: rde}\n"
				    "                          ^\n");
	assert_string_equal(o.loaded.scenario->nodes[0].nftables->text,
			    "a\nb\n");
	outcome_done(&o);
}

/* Every beginning of a file ends well, and so does every file less one byte */
static void test_cut(void **state)
{
	char text[sizeof(whole)];
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		outcome_load(&o, whole, i);
		outcome_done(&o);
		memcpy(text, whole, i);
		memcpy(text + i, whole + i + 1, sizeof(whole) - i - 1);
		LOAD(&o, text);
		outcome_done(&o);
	}
}

static void test_many_steps(void **state)
{
	enum { STEPS = 10000 };
	struct timespec begin, end;
	struct outcome o;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	fputs("nodes: [{name: c, count: 4000}]\nsteps:\n", out);
	for (int i = 0; i < STEPS; i++)
		fprintf(out,
			"- {name: s%d, ping: {from: c%d, to: c%d}%s, needs: s%d}\n",
			i, i % 4000 + 1, 4000 - i % 4000,
			i % 2 ? ", within: 1s" : "", i ? i - 1 : 1);
	fclose(out);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	outcome_load(&o, text, length);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(o.loaded.scenario->steps_count, STEPS);
	/* s0 needs s1, which is later */
	assert_int_equal(o.problems.errors, 1);
	assert_true(end.tv_sec - begin.tv_sec < 5);
	outcome_done(&o);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_laughs),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_many_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
