// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tap_test.c - what is written as TAP, to the byte
 *
 * With arguments it is a producer for tap-consumers.sh instead: `tap_test
 * pass|fail|skip|todo|error|mixed|nothing|bail|odd` writes such a stream.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <labcheck/report.h>

#include "report/scalar.h"
#include "report/tap.h"

/* What was written so far; the caller frees it */
static char *text;
static size_t length;

static FILE *open_text(void)
{
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	return out;
}

static void assert_text(FILE *out, const char *expected)
{
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

struct scalar_case {
	const char *in, *out;
};

static void test_scalars(void **state)
{
	static const struct scalar_case cases[] = {
		/* Plain where all readers agree */
		{ "reply", "reply" },
		{ "3", "3" },
		{ "0", "0" },
		{ "scenarios/nat.yaml:31:5", "scenarios/nat.yaml:31:5" },
		{ "192.168.15.1", "192.168.15.1" },
		{ "fe80::1", "fe80::1" },
		{ "host does not forward (net.ipv4.ip_forward is 0)",
		  "host does not forward (net.ipv4.ip_forward is 0)" },
		{ "it's 5 > 3, \"really\"", "it's 5 > 3, \"really\"" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		/* Quoted: what would be no text, or no number as written */
		{ "", "\"\"" },
		{ "true", "\"true\"" },
		{ "No", "\"No\"" },
		{ "010", "\"010\"" },
		{ "1.50", "\"1.50\"" },
		{ "0x1f", "\"0x1f\"" },
		{ "1e5", "\"1e5\"" },
		{ "10:20", "\"10:20\"" },
		{ "2024-01-02", "\"2024-01-02\"" },
		{ "12345678901234567890", "\"12345678901234567890\"" },
		/* Quoted: what means something to YAML */
		{ "- a", "\"- a\"" },
		{ "*", "\"*\"" },
		{ "[a]", "\"[a]\"" },
		{ "{a: b}", "\"{a: b}\"" },
		{ "'a'", "\"'a'\"" },
		{ "\"a\"", "\"\\\"a\\\"\"" },
		{ "a: b", "\"a: b\"" },
		{ "a:", "\"a:\"" },
		{ "a #b", "\"a #b\"" },
		{ "a#b", "a#b" },
		{ "~", "\"~\"" },
		{ "...", "\"...\"" },
		{ "---", "\"---\"" },
		{ " a", "\" a\"" },
		{ "a ", "\"a \"" },
		/* Escaped: what is no printable text */
		{ "a\nb", "\"a\\nb\"" },
		{ "a\tb\\", "\"a\\tb\\\\\"" },
		{ "\x1b[31m", "\"\\x1b[31m\"" },
		{ "\xff\xc3", "\"\\xff\\xc3\"" },
		{ "\xc2\x85", "\"\\x85\"" },
		{ "\xe2\x80\xae", "\"\\u202e\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		FILE *out = open_text();

		scalar_write(out, cases[i].in);
		assert_text(out, cases[i].out);
	}
}

static void test_long_scalar(void **state)
{
	char big[5001];
	FILE *out = open_text();

	(void)state;
	memset(big, 'x', 5000);
	big[5000] = '\0';
	scalar_write(out, big);
	fclose(out);
	assert_int_equal(length, 2000 + strlen("\"\" ..."));
	assert_string_equal(text + 2000, "x ...\"");
	free(text);
}

struct title_case {
	const char *title, *line;
};

static void test_titles(void **state)
{
	static const struct title_case cases[] = {
		{ "ping red -> blue", "ok 1 - ping red -> blue\n" },
		{ "5 things", "ok 1 - 5 things\n" },
		{ "", "ok 1 - unnamed\n" },
		{ NULL, "ok 1 - unnamed\n" },
		{ " a \n b\t", "ok 1 - a b\n" },
		{ "bug # SKIP", "ok 1 - bug \xef\xbc\x83 SKIP\n" },
		{ "for i in {", "ok 1 - for i in { ...\n" },
		{ "for i in { ", "ok 1 - for i in { ...\n" },
		{ "\x1b[2J\xff", "ok 1 - ?[2J?\n" },
		{ "not ok 2", "ok 1 - not ok 2\n" },
	};
	static const char start[] = "TAP version 13\n1..1\n";
	struct lc_verdict v = { .result = LC_PASS };
	struct tap tap;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		FILE *out = open_text();

		tap_begin(&tap, out, false, 1);
		tap_step(&tap, &(struct tap_line){ .title = cases[i].title },
			 &v);
		fclose(out);
		assert_memory_equal(text, start, strlen(start));
		assert_string_equal(text + strlen(start), cases[i].line);
		free(text);
	}
}

/* The streams that readers are asked about */

static const struct tap_line a_line = {
	.title = "ping blue -> 192.168.1.3",
	.path = "scenarios/nat.yaml",
	.at = { 31, 5 },
	.hint = "A host that connects two networks has to forward: see 5.",
};

static void write_pass(struct tap *tap)
{
	struct lc_verdict v = { .result = LC_PASS };

	tap_step(tap, &(struct tap_line){ .prefix = "nat.yaml: ",
					  .title = "ping red -> blue" }, &v);
}

static void write_fail(struct tap *tap, const char *todo)
{
	struct tap_line line = a_line;
	struct lc_verdict v;

	line.todo = todo;
	lc_verdict_init(&v);
	lc_verdict_expect(&v, "reply", "drop");
	lc_verdict_note(&v, "journey", "blue:veth-blue sent 10.1.0.1 > 10.1.0.2");
	lc_verdict_note(&v, "journey", "host: did not");
	lc_verdict_note(&v, "died", "host does not forward");
	tap_step(tap, &line, &v);
	lc_verdict_done(&v);
}

static void write_skip(struct tap *tap)
{
	struct lc_verdict v;

	lc_verdict_init(&v);
	lc_verdict_skip(&v, "this kernel lacks wireguard (see issue #3)");
	tap_step(tap, &a_line, &v);
	lc_verdict_done(&v);
}

static void write_error(struct tap *tap, const char *todo)
{
	struct tap_line line = a_line;
	struct lc_verdict v;

	line.todo = todo;
	lc_verdict_init(&v);
	lc_verdict_note(&v, "at", "taken");
	lc_verdict_error(&v, "send: No buffer space available");
	tap_step(tap, &line, &v);
	lc_verdict_done(&v);
}

/* All that is likely to be misread, in one block */
static void write_odd(struct tap *tap)
{
	static const char *const values[] = {
		"", "a: b", "a: b: c", "- x", "\"q\": r", "'s", "# t", "a #b",
		"{", "[", "|", ">", "~", "...", "---", "ok 5", "not ok 6",
		"1..7", "Bail out!", "TAP version 14", "\\", "\\\"", "x:",
		"word : word", ": x", "\xff", "\x1b[31m", "a\nb", "%YAML 1.2",
		"&a", "*a", "!a", "@a", "`a`", "? x", "010", "1e3", "null",
		"<<", "=", "caf\xc3\xa9", "RTNETLINK answers: File exists",
	};
	struct tap_line line = a_line;
	struct lc_verdict v;

	line.title = "run on red: f() { # TODO ok 3 \\# \\ {";
	line.hint = "- \"x: y\" # {";
	lc_verdict_init(&v);
	lc_verdict_expect(&v, "a: b", "- c");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		lc_verdict_note(&v, "item", "%s", values[i]);
		lc_verdict_note(&v, "pair", "%s", "x");
	}
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char key[16];

		snprintf(key, sizeof(key), "v%zu", i);
		lc_verdict_note(&v, key, "%s", values[i]);
	}
	lc_verdict_note(&v, "a key: no", "x");
	tap_step(tap, &line, &v);
	lc_verdict_done(&v);
}

static void test_stream(void **state)
{
	struct tap tap;
	FILE *out = open_text();

	(void)state;
	tap_begin(&tap, out, false, 6);
	write_pass(&tap);
	write_fail(&tap, NULL);
	write_fail(&tap, "known bug 123");
	write_skip(&tap);
	write_error(&tap, "known bug");
	tap_comment(&tap, "seed %d", 5);
	tap_bail_out(&tap, "interrupted by %s", "SIGINT");
	assert_text(out,
		    "TAP version 13\n"
		    "1..6\n"
		    "ok 1 - nat.yaml: ping red -> blue\n"
		    "not ok 2 - ping blue -> 192.168.1.3\n"
		    "  ---\n"
		    "  at: scenarios/nat.yaml:31:5\n"
		    "  expected: reply\n"
		    "  got: drop\n"
		    "  journey:\n"
		    "    - blue:veth-blue sent 10.1.0.1 > 10.1.0.2\n"
		    "    - \"host:\\x20did not\"\n"
		    "  died: host does not forward\n"
		    "  hint: \"A host that connects two networks has to "
		    "forward: see 5.\"\n"
		    "  ...\n"
		    "not ok 3 - ping blue -> 192.168.1.3 # TODO known bug 123\n"
		    "  ---\n"
		    "  at: scenarios/nat.yaml:31:5\n"
		    "  expected: reply\n"
		    "  got: drop\n"
		    "  journey:\n"
		    "    - blue:veth-blue sent 10.1.0.1 > 10.1.0.2\n"
		    "    - \"host:\\x20did not\"\n"
		    "  died: host does not forward\n"
		    "  hint: \"A host that connects two networks has to "
		    "forward: see 5.\"\n"
		    "  ...\n"
		    "ok 4 - ping blue -> 192.168.1.3 # SKIP this kernel lacks "
		    "wireguard (see issue \xef\xbc\x83" "3)\n"
		    "not ok 5 - ping blue -> 192.168.1.3\n"
		    "  ---\n"
		    "  at: scenarios/nat.yaml:31:5\n"
		    "  error: \"send: No buffer space available\"\n"
		    "  noted_at: taken\n"
		    "  ...\n"
		    "# seed 5\n"
		    "Bail out! interrupted by SIGINT\n");
}

static void test_nothing(void **state)
{
	struct tap tap;
	FILE *out = open_text();

	(void)state;
	tap_begin(&tap, out, false, 0);
	assert_text(out, "TAP version 13\n1..0 # SKIP nothing to run\n");
}

static void test_colour(void **state)
{
	struct tap tap;
	FILE *out = open_text();

	(void)state;
	tap_begin(&tap, out, true, 1);
	write_pass(&tap);
	assert_text(out, "TAP version 13\n1..1\n"
			 "\033[32mok\033[0m 1 - nat.yaml: ping red -> blue\n");
}

/* A key that comes again later joins its first place: keys are unique */
static void test_keys(void **state)
{
	struct lc_verdict v;
	struct tap tap;
	FILE *out = open_text();

	(void)state;
	lc_verdict_init(&v);
	lc_verdict_fail(&v, "one");
	lc_verdict_note(&v, "x y", "z");
	lc_verdict_fail(&v, "two");
	tap_begin(&tap, out, false, 1);
	tap_step(&tap, &(struct tap_line){ .title = "t" }, &v);
	lc_verdict_done(&v);
	assert_text(out, "TAP version 13\n1..1\nnot ok 1 - t\n  ---\n"
			 "  why:\n    - one\n    - two\n  x_y: z\n  ...\n");
}

struct stream {
	const char *name;
	unsigned long plan;
	int pass, fail, skip, todo, error, odd;
	const char *bail;
};

static int produce(const char *name)
{
	static const struct stream streams[] = {
		{ "pass", 3, .pass = 3 },
		{ "fail", 3, .pass = 1, .fail = 2 },
		{ "skip", 2, .pass = 1, .skip = 1 },
		{ "todo", 2, .pass = 1, .todo = 1 },
		{ "error", 2, .pass = 1, .error = 1 },
		{ "mixed", 6, .pass = 2, .fail = 1, .skip = 1, .todo = 1,
		  .error = 1 },
		{ "odd", 2, .pass = 1, .odd = 1 },
		{ "nothing", 0, .pass = 0 },
		{ "bail", 3, .pass = 1, .bail = "interrupted by SIGINT" },
	};
	struct tap tap;

	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++) {
		const struct stream *s = &streams[i];

		if (strcmp(s->name, name))
			continue;
		tap_begin(&tap, stdout, false, s->plan);
		for (int n = 0; n < s->pass; n++)
			write_pass(&tap);
		for (int n = 0; n < s->fail; n++)
			write_fail(&tap, NULL);
		for (int n = 0; n < s->skip; n++)
			write_skip(&tap);
		for (int n = 0; n < s->todo; n++)
			write_fail(&tap, "known bug 123");
		for (int n = 0; n < s->error; n++)
			write_error(&tap, NULL);
		for (int n = 0; n < s->odd; n++)
			write_odd(&tap);
		if (s->bail)
			tap_bail_out(&tap, "%s", s->bail);
		return s->fail || s->error || s->odd || s->bail;
	}
	return 2;
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_long_scalar),
		cmocka_unit_test(test_titles),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_keys),
	};

	if (count > 1)
		return produce(arguments[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
