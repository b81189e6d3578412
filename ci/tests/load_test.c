// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load_test.c - scenario files into structs, and into lists of mistakes
 *
 * The mistakes are golden files: what is said of ci/tests/bad/NAME.yaml stands
 * in NAME.expected beside it.  UPDATE=1 writes them anew.  The verbs are a few
 * of the test's own, so that only the loader is tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/problems.h"
#include "scenario/scenario.h"

/* Verbs */

static const char *const expect_words[] = { "reply", "drop", NULL };

struct probe_said {
	struct lc_at at;
	struct lc_value from, to, count, df, expect;
};

static const struct lc_field probe_fields[] = {
	LC_SCALAR("from", LC_NODE, struct probe_said, from, LC_REQUIRED, "h"),
	LC_SCALAR("to", LC_TARGET, struct probe_said, to, LC_REQUIRED, "h"),
	LC_NUMBER_IN("count", 1, 100, struct probe_said, count, "h"),
	LC_SCALAR("df", LC_BOOL, struct probe_said, df, 0, "h"),
	LC_CHOICE_OF("expect", expect_words, struct probe_said, expect, "h"),
	LC_FIELD_END
};

static void probe_verify(const void *params, struct lc_problems *problems)
{
	const struct probe_said *p = params;

	if (lc_given(&p->count) && p->count.number == 13)
		lc_problem(problems, p->count.at, "13 brings bad luck");
}

static bool probe_negative(const void *params)
{
	const struct probe_said *p = params;

	return lc_given(&p->expect) && p->expect.choice == 1;
}

static void probe_title(const void *params, FILE *out)
{
	const struct probe_said *p = params;

	fprintf(out, "ping %s -> %s", p->from.text, p->to.text);
}

static int probe_declare(const void *params, const struct lc_context *context,
			 struct lc_batch *batch, struct lc_err *err)
{
	(void)params;
	(void)context;
	(void)batch;
	(void)err;
	return 0;
}

static const struct lc_check check_ping = {
	.name = "ping",
	.params_size = sizeof(struct probe_said),
	.fields = probe_fields,
	.verify = probe_verify,
	.negative = probe_negative,
	.title = probe_title,
	.declare = probe_declare,
};

struct row_said {
	struct lc_at at;
	struct lc_value to, via;
};

struct look_said {
	struct lc_at at;
	struct lc_value on, mac;
	struct lc_list among;
	struct row_said *only;
	struct row_said *exactly;
	uint32_t exactly_count;
};

static const struct lc_field row_fields[] = {
	LC_SCALAR("to", LC_DESTINATION, struct row_said, to, LC_REQUIRED, "h"),
	LC_SCALAR("via", LC_ADDRESS, struct row_said, via, 0, "h"),
	LC_FIELD_END
};

static const struct lc_field look_fields[] = {
	LC_SCALAR("on", LC_PLACE, struct look_said, on, 0, "h"),
	LC_SCALAR("mac", LC_MAC_OF, struct look_said, mac, 0, "h"),
	LC_LIST_OF("among", LC_PATTERN, struct look_said, among, 0, "h"),
	LC_MAPPING_OF("only", row_fields, struct look_said, only, 0, "h"),
	LC_MAPPINGS_OF("exactly", row_fields, struct look_said, exactly, 0,
		       "h"),
	LC_FIELD_END
};

static const struct lc_check check_look = {
	.name = "look",
	.params_size = sizeof(struct look_said),
	.fields = look_fields,
};

struct do_said {
	struct lc_at at;
	struct lc_value on, command;
};

static const struct lc_field do_fields[] = {
	LC_SCALAR("on", LC_NODE, struct do_said, on, LC_REQUIRED, "h"),
	LC_SCALAR("command", LC_TEXT, struct do_said, command, LC_REQUIRED,
		  "h"),
	LC_FIELD_END
};

static int do_act(const void *params, const struct lc_context *context,
		  struct lc_err *err)
{
	(void)params;
	(void)context;
	(void)err;
	return 0;
}

static const struct lc_check check_do = {
	.name = "do",
	.params_size = sizeof(struct do_said),
	.fields = do_fields,
	.act = do_act,
};

extern const struct lc_check lc_check_create, lc_check_remove,
	lc_check_connect, lc_check_disconnect;

/* Those of steps that change the lab are the real ones: the loader knows them */
static const struct lc_check *const checks[] = {
	&check_ping, &check_look, &check_do,
	&lc_check_create, &lc_check_remove, &lc_check_connect,
	&lc_check_disconnect, NULL,
};

/* A file loaded, with all that is told of it */
struct outcome {
	struct loaded loaded;
	struct lc_problems problems;
	struct lc_err err;
	int r;
	char *told;
	size_t length;
};

static void outcome_take(struct outcome *o, struct source *source)
{
	FILE *out = open_memstream(&o->told, &o->length);

	problems_init(&o->problems);
	o->r = load_source(&o->loaded, source, checks, &o->problems, &o->err);
	problems_print(&o->problems, &o->loaded.source, out);
	fclose(out);
	if (o->r == 0 && o->problems.errors)
		fail_msg("errors, but 0: %s", o->told);
	if (o->r == -EINVAL && !o->problems.errors)
		fail_msg("no errors, but -EINVAL: %s", o->told);
	if (o->r && o->r != -EINVAL)
		fail_msg("%d: %s", o->r, o->err.text);
}

static void outcome_load(struct outcome *o, const void *text, size_t length)
{
	struct source source = { 0 };

	memset(o, 0, sizeof(*o));
	assert_int_equal(source_from_memory(&source, "t", text, length, NULL),
			 0);
	outcome_take(o, &source);
}

static void outcome_done(struct outcome *o)
{
	loaded_done(&o->loaded);
	problems_done(&o->problems);
	free(o->told);
}

#define LOAD(o, text) outcome_load(o, text, strlen(text))

/* What is right */

static const char whole[] =
	"#!/usr/bin/env labcheck\n"
	"name: whole\n"
	"requires: [nftables, vxlan]\n"
	"nodes:\n"
	"  - name: red\n"
	"    interfaces:\n"
	"      - {name: veth-red, addresses: [192.168.15.1/24, fd00::1/64]}\n"
	"    routes: &routes\n"
	"      - {to: default, via: 192.168.15.5}\n"
	"    forward: true\n"
	"    nftables: |\n"
	"      table ip t {\n"
	"      }\n"
	"    services: [{run: 'x \"#\" \\', ready: {tcp: 53}, within: 5s}]\n"
	"  - {name: blue, routes: *routes}\n"
	"  - {name: c, count: 3}\n"
	"links:\n"
	"  - {endpoints: ['red:veth-red', 'blue:veth-blue'], loss: 0.5%}\n"
	"steps:\n"
	"  - ping: {from: red, to: 'blue:veth-blue', count: 3, df: true}\n"
	"  - name: \"two #2\\n\\u202e lines\"\n"
	"    look:\n"
	"      on: red\n"
	"      mac: blue:veth-blue\n"
	"      among: [red, 'c*']\n"
	"      only: {to: 10.0.0.0/8}\n"
	"      exactly: [{to: default}, {to: 10.1.0.0/16, via: 10.0.0.1}]\n"
	"    needs: ''\n";

static void test_lab(void **state)
{
	const struct scenario *s;
	struct outcome o;

	(void)state;
	LOAD(&o, whole);
	s = o.loaded.scenario;
	assert_string_equal(o.told, "t:28:12: error: an empty text\n"
				    "    needs: ''\n"
				    "           ^\n");
	assert_true(o.loaded.lab_whole);
	assert_string_equal(s->name.text, "whole");
	assert_int_equal(s->name.at.line, 2);
	assert_int_equal(s->name.at.column, 7);
	assert_null(s->description.text);
	assert_int_equal(s->requires.count, 2);
	assert_string_equal(s->requires.items[1].text, "vxlan");
	assert_int_equal(s->nodes_count, 3);
	assert_int_equal(s->nodes[0].at.line, 5);
	assert_int_equal(s->nodes[0].interfaces_count, 1);
	assert_int_equal(s->nodes[0].interfaces[0].addresses.items[1].length,
			 64);
	assert_true(s->nodes[0].forward->flag);
	assert_string_equal(s->nodes[0].nftables->text, "table ip t {\n}\n");
	assert_string_equal(s->nodes[0].services[0].run.text, "x \"#\" \\");
	assert_int_equal(s->nodes[0].services[0].ready->tcp.number, 53);
	assert_int_equal(s->nodes[0].services[0].within.ns, 5000000000);
	assert_int_equal(s->nodes[1].routes_count, 1);
	assert_int_equal(s->nodes[1].routes[0].via.at.line, 9);
	assert_int_equal(s->nodes[2].count->number, 3);
	assert_int_equal(s->links[0].loss->number, 50);
	assert_string_equal(s->links[0].endpoints.items[1].interface,
			    "veth-blue");
	outcome_done(&o);
}

static void test_steps(void **state)
{
	const struct probe_said *ping;
	const struct look_said *look;
	const struct scenario *s;
	struct outcome o;

	(void)state;
	LOAD(&o, whole);
	s = o.loaded.scenario;
	assert_int_equal(s->steps_count, 2);
	assert_ptr_equal(s->steps[0].check, &check_ping);
	assert_string_equal(s->steps[0].title, "ping red -> blue:veth-blue");
	ping = s->steps[0].params;
	assert_int_equal(ping->at.line, 20);
	assert_int_equal(ping->at.column, 11);
	assert_int_equal(ping->to.kind, LC_TARGET_INTERFACE);
	assert_string_equal(ping->to.node, "blue");
	assert_int_equal(ping->count.number, 3);
	assert_true(ping->df.flag);
	assert_null(ping->expect.text);
	assert_ptr_equal(s->steps[1].check, &check_look);
	assert_string_equal(s->steps[1].title, "two 2 lines");
	look = s->steps[1].params;
	assert_string_equal(look->mac.interface, "veth-blue");
	assert_int_equal(look->among.count, 2);
	assert_string_equal(look->among.items[1].node, "c*");
	assert_int_equal(look->only->to.length, 8);
	assert_int_equal(look->exactly_count, 2);
	assert_int_equal(look->exactly[1].via.ip.family, AF_INET);
	outcome_done(&o);
}

/* What is wrong is not there, and what is right is */
static void test_left_out(void **state)
{
	const struct scenario *s;
	struct outcome o;

	(void)state;
	LOAD(&o, "nodes:\n"
		 "  - {name: red, count: x, forward: true}\n"
		 "  - {nmae: blue}\n"
		 "  - {name: gray}\n"
		 "tags: [a, [b], c]\n"
		 "steps:\n"
		 "  - ping: {from: red}\n"
		 "  - ping: {from: gray, to: gray, count: 13, df: x}\n"
		 "  - ping: {from: gray, to: gray, count: 13}\n");
	s = o.loaded.scenario;
	assert_int_equal(o.problems.errors, 7);
	assert_non_null(strstr(o.told, "t:9:41: error: 13 brings"));
	assert_false(o.loaded.lab_whole);
	assert_int_equal(s->nodes_count, 2);
	assert_null(s->nodes[0].count->text);
	assert_true(s->nodes[0].forward->flag);
	assert_string_equal(s->nodes[1].name.text, "gray");
	assert_int_equal(s->tags.count, 2);
	assert_string_equal(s->tags.items[1].text, "c");
	assert_int_equal(s->steps_count, 2);
	assert_string_equal(s->steps[0].title, "ping");
	assert_string_equal(s->steps[1].title, "ping gray -> gray");
	outcome_done(&o);
}

/* A text that holds `mistake` is told `words` about it, and nothing else */
static void test_references(void **state)
{
	static const struct {
		const char *to, *words;
	} rows[] = {
		{ "red", "" },
		{ "red:lo", "" },
		{ "red:a", "" },
		{ "red:made", "" },
		{ "red:mad", "has no interface 'mad'" },
		{ "red:b", "node 'red' has no interface 'b'" },
		{ "rde", "unknown node 'rde'; did you mean 'red'?" },
		{ "c3", "" },
		{ "c3:eth0", "" },
		{ "c3:eth1", "node 'c3' has no interface 'eth1'" },
		{ "c4", "the count of 'c' makes c1 to c3" },
		{ "c03", "the count of 'c' makes c1 to c3" },
		{ "c", "the count of 'c' makes c1 to c3" },
		{ "w1", "" },
		{ "w11", "" },
		{ "w11:eth0", "" },
		{ "w12", "makes" },
		{ "shared:a", "" },
		{ "shared:b", "node 'red' has no interface 'b'" },
		{ "there:anything", "" },
		{ "host", "" },
		{ "host:br-net", "" },
		{ "host:eth0", "node 'host' has no interface 'eth0'" },
		{ "two:eth1", "" },
		{ "two:eth2", "has no interface 'eth2'" },
		{ "wired:eth2", "" },
		{ "wired:eth3", "has no interface 'eth3'" },
		{ "name:nobody", "" },
		{ "10.0.0.1", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lc_auto(lc_free) char *text = NULL;
		struct outcome o;

		assert_true(asprintf(&text,
			"networks: [{name: net}]\n"
			"nodes:\n"
			"  - {name: red, interfaces: [{name: a}]}\n"
			"  - {name: c, count: 3, network: net}\n"
			"  - {name: w1, count: 1, network: net}\n"
			"  - {name: w1, network: none}\n"
			"  - {name: shared, network: 'container:red'}\n"
			"  - {name: there, netns: there}\n"
			"  - {name: two, networks: [{name: net}, "
			"{name: bridge}]}\n"
			"  - {name: wired, network: net, "
			"interfaces: [{name: eth1, kind: bridge}]}\n"
			"links: [{endpoints: ['wired:eth0', 'red:a']}]\n"
			"steps:\n"
			"  - do: {on: red, command: ip link add made type x}\n"
			"  - ping: {from: red, to: '%s'}\n"
			"  - do: {on: red, command: ip link add mad type x}\n",
			rows[i].to) > 0);
		LOAD(&o, text);
		if (*rows[i].words ? !strstr(o.told, rows[i].words) ||
				     o.problems.errors != 1 : *o.told)
			fail_msg("%s: %s", rows[i].to, o.told);
		outcome_done(&o);
	}
}

/* Files that are no scenario, or were made to hurt */

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

/* Golden files */

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	if (file) {
		if (fread(text, 1, (1 << 16) - 1, file) == 0)
			text[0] = '\0';
		fclose(file);
	}
	return text;
}

static void compare_golden(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	struct source source = { 0 }, named = { 0 };
	char golden[256], *expected;
	struct outcome o = { 0 };
	FILE *file;

	assert_int_equal(source_read(&source, path, NULL), 0);
	assert_int_equal(source_from_memory(&named, name, source.text,
					    source.length, NULL), 0);
	source_done(&source);
	outcome_take(&o, &named);
	snprintf(golden, sizeof(golden), "%.*s.expected",
		 (int)(strlen(path) - strlen(".yaml")), path);
	if (getenv("UPDATE")) {
		file = fopen(golden, "w");
		fputs(o.told, file);
		fclose(file);
	}
	expected = read_all(golden);
	if (strcmp(expected, o.told))
		fail_msg("%s: got\n%s", path, o.told);
	free(expected);
	outcome_done(&o);
}

static void test_golden(void **state)
{
	const char *directory = *state;
	char pattern[256];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.yaml", directory);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare_golden(found.gl_pathv[i]);
	globfree(&found);
}

int main(int argc, char **argv)
{
	char *directory = argc > 1 ? argv[1] : (char *)"ci/tests/bad";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lab),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_laughs),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_many_steps),
		cmocka_unit_test_prestate(test_golden, directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
