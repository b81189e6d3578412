// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load_test.c - scenario files into structs, and into lists of mistakes
 *
 * The mistakes are golden files: what is said of ci/tests/bad/NAME.yaml stands
 * in NAME.expected beside it.  UPDATE=1 writes them anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <glob.h>

#include <labcheck/auto.h>

#include "load_outcome.h"

/* What is right */

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
		cmocka_unit_test_prestate(test_golden, directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
