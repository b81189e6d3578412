// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_test.c - which ways there are to break a lab, and what each changes
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <labcheck/check.h>

#include "scenario/arena.h"
#include "scenario/excuse.h"
#include "scenario/load.h"
#include "scenario/mutant.h"
#include "scenario/problems.h"
#include "scenario/script.h"

/** struct lab - A scenario with its plan and mutants */
struct lab {
	struct loaded loaded;
	struct plan plan;
	struct mutants mutants;
};

static void lab_make(struct lab *lab, const char *text)
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

static void lab_unmake(struct lab *lab)
{
	mutants_done(&lab->mutants);
	plan_done(&lab->plan);
	loaded_done(&lab->loaded);
}

#define PAIR								\
	"nodes:\n"							\
	"  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]}\n" \
	"  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}\n" \
	"links: [{endpoints: [\"red:eth0\", \"blue:eth0\"]"

#define DOCKER "nodes: [{name: host}, {name: u1, network: net"

/* clang-format off */
static const struct words_case {
	const char *text;
	const char *words;		/* a line for each */
} words_cases[] = {
	{ "nodes: [{name: red}]\n", "" },
	{ PAIR "}]\n",
	  "red:eth0 is down\nred:eth0 lacks 10.0.0.1/24\n"
	  "blue:eth0 is down\nblue:eth0 lacks 10.0.0.2/24\n" },
	/* What a link says is one thing, though there are two ends */
	{ PAIR ", mtu: 1400, delay: 1ms}]\n",
	  "red:eth0 is down\n"
	  "the link of red:eth0 is neither slow nor lossy\n"
	  "red:eth0 has the kernel's MTU\nred:eth0 lacks 10.0.0.1/24\n"
	  "blue:eth0 is down\nblue:eth0 lacks 10.0.0.2/24\n" },
	/* Its own settings, and none of labcheck's */
	{ "nodes: [{name: red, forward: true, sysctls: [net.ipv4.conf.all.rp_filter=1]}]\n",
	  "red does not forward\nred has net/ipv4/conf/all/rp_filter=0\n" },
	/* A rule set has one for each rule, and a policy that drops is one */
	{ "nodes:\n  - name: red\n    nftables: |\n"
	  "      table ip t {\n"
	  "        # not this\n"
	  "        set s { type ipv4_addr; elements = { 10.0.0.1 } }\n"
	  "        chain c {\n"
	  "          type filter hook input priority 0; policy drop\n"
	  "          tcp dport { 80, 443 }   accept\n"
	  "          udp dport 53 accept; counter comment \"} ;\"\n"
	  "        }\n"
	  "      }\n"
	  "      add rule ip t c accept\n",
	  "red lacks the rule 'policy drop'\n"
	  "red lacks the rule 'tcp dport { 80, 443 } accept'\n"
	  "red lacks the rule 'udp dport 53 accept'\n"
	  "red lacks the rule 'counter comment \"} ;\"'\n"
	  "red lacks the rule 'add rule ip t c accept'\n" },
	/* Of a network what a user has a name for; alone on its host there is
	 * nothing to be kept apart from */
	{ "networks: [{name: net, subnet: 10.0.0.0/24}]\n"
	  DOCKER ", publish: [\"8080:80\"]}]\n",
	  "host:br-net is down\nhost:br-net lacks 10.0.0.1/24\n"
	  "host does not forward\n"
	  "u1:eth0 is down\nu1:eth0 lacks 10.0.0.2/24\n"
	  "u1 lacks the route to default via 10.0.0.1\n"
	  "network net does not masquerade\n"
	  "host does not publish 8080/tcp of u1\n" },
	/* A container of a later state; the others are there once */
	{ "networks: [{name: net, subnet: 10.0.0.0/24, masquerade: false}]\n"
	  DOCKER "}]\n"
	  "steps: [{create: {name: u2, network: net}}]\n",
	  "host:br-net is down\nhost:br-net lacks 10.0.0.1/24\n"
	  "host does not forward\n"
	  "u1:eth0 is down\nu1:eth0 lacks 10.0.0.2/24\n"
	  "u1 lacks the route to default via 10.0.0.1\n"
	  "u2:eth0 is down\nu2:eth0 lacks 10.0.0.3/24\n"
	  "u2 lacks the route to default via 10.0.0.1\n" },
};
/* clang-format on */

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words_cases) / sizeof(*words_cases);
	     i++) {
		char words[4096] = "";
		struct lab lab;

		lab_make(&lab, words_cases[i].text);
		for (size_t k = 0; k < lab.mutants.count; k++) {
			strcat(words, lab.mutants.items[k].words);
			strcat(words, "\n");
			assert_int_not_equal(lab.mutants.items[k].at.line, 0);
		}
		lab_unmake(&lab);
		assert_string_equal(words, words_cases[i].words);
	}
}

/* The commands that build a plan, which say all that is in it */
static char *script_of(const struct plan *plan)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	script_print(plan, out);
	fclose(out);
	return text;
}

#define ROUTER								\
	"nodes:\n"							\
	"  - name: red\n"						\
	"    interfaces: [{name: eth0, addresses: [10.0.0.1/24]}, {name: v, kind: vlan, parent: eth0, vlan: 7}]\n" \
	"    routes: [{to: 10.9.0.0/16, via: 10.0.0.2}, {to: 10.8.0.0/16, via: 10.9.0.1, onlink: true, dev: eth0}]\n" \
	"  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}\n" \
	"links: [{endpoints: [\"red:eth0\", \"blue:eth0\"]}]\n"

#define STATES								\
	"networks: [{name: net, subnet: 10.0.0.0/24}]\n"		\
	DOCKER ", publish: [\"8080:80\"]}]\n"				\
	"steps: [{create: {name: u2, network: net, publish: [\"81:80\"]}}]\n"

/* clang-format off */
static const struct change_case {
	const char *text, *words;
	const char *lacks[4];		/* of what the whole lab has */
	const char *keeps[4];
} change_cases[] = {
	/* Its routes go with an address; one that needs no subnet stays */
	{ ROUTER, "red:eth0 lacks 10.0.0.1/24",
	  { "10.0.0.1/24", "10.9.0.0/16" }, { "10.8.0.0/16", "10.0.0.2/24" } },
	/* What stands on a link goes down with it, and all its routes go */
	{ ROUTER, "red:eth0 is down",
	  { "10.9.0.0/16", "10.8.0.0/16", "set dev v up" }, { "10.0.0.1/24" } },
	{ ROUTER, "blue:eth0 is down", { NULL }, { "10.9.0.0/16" } },
	/* A port is several rules, and other ports keep theirs */
	{ STATES, "host does not publish 8080/tcp of u1",
	  { "--dport 8080", "-d 10.0.0.2/32" }, { "--dport 81", "10.0.0.2/24" } },
	/* In a state that a step leads to */
	{ STATES, "u2:eth0 lacks 10.0.0.3/24", { "10.0.0.3/24" },
	  { "10.0.0.2/24", "--dport 81" } },
	/* In all states: no step brings it back */
	{ STATES, "network net does not masquerade",
	  { "-s 10.0.0.0/24 ! -o br-net -j MASQUERADE" }, { "--dport 8080" } },
};
/* clang-format on */

static const struct mutant *mutant_find(const struct lab *lab,
					const char *words)
{
	for (size_t i = 0; i < lab->mutants.count; i++)
		if (!strcmp(lab->mutants.items[i].words, words))
			return &lab->mutants.items[i];
	return NULL;
}

static void expect(const char *script, const char *const *texts, bool there)
{
	for (int i = 0; i < 4 && texts[i]; i++) {
		if (!strstr(script, texts[i]) == there)
			print_error("%s\n", texts[i]);
		assert_int_equal(!!strstr(script, texts[i]), there);
	}
}

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(change_cases) / sizeof(*change_cases);
	     i++) {
		const struct change_case *c = &change_cases[i];
		const struct mutant *mutant;
		char *whole, *broken;
		struct plan copy;
		struct lab lab;

		lab_make(&lab, c->text);
		mutant = mutant_find(&lab, c->words);
		assert_non_null(mutant);
		mutant_plan(&copy, &lab.plan, mutant);
		whole = script_of(&lab.plan);
		broken = script_of(&copy);
		expect(whole, c->lacks, true);
		expect(broken, c->lacks, false);
		expect(broken, c->keeps, true);
		free(whole);
		free(broken);
		plan_done(&copy);
		lab_unmake(&lab);
	}
}

/* Each mutant is another lab than the whole one */
static void test_none_is_alike(void **state)
{
	static const char *const texts[] = { ROUTER, STATES };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct lab lab;
		char *whole;

		lab_make(&lab, texts[i]);
		whole = script_of(&lab.plan);
		for (size_t k = 0; k < lab.mutants.count; k++) {
			struct plan copy;
			char *broken;

			mutant_plan(&copy, &lab.plan, &lab.mutants.items[k]);
			broken = script_of(&copy);
			if (!strcmp(whole, broken))
				print_error("%s\n", lab.mutants.items[k].words);
			assert_string_not_equal(whole, broken);
			free(broken);
			plan_done(&copy);
		}
		free(whole);
		lab_unmake(&lab);
	}
}

static void test_excuses(void **state)
{
	static char text[] =
		"# doubt: red:eth0 is down: nobody: asks\n"
		"name: x # doubt: red is no comment of a line\n"
		"  # doubt:  blue has x=1:\r\n"
		"# doubts: are many\n";
	const struct source source = {
		.text = text, .length = sizeof(text) - 1,
	};
	struct arena *arena = arena_new();
	struct excuse *excuses;
	size_t count;

	(void)state;
	excuses_read(arena, &source, &excuses, &count);
	assert_int_equal(count, 2);
	assert_int_equal(excuses[0].line, 1);
	assert_true(excuse_is_for(&excuses[0], "red:eth0 is down"));
	assert_false(excuse_is_for(&excuses[0], "red:eth0 is"));
	assert_int_equal(excuses[1].line, 3);
	/* Without a reason it is none */
	assert_false(excuse_is_for(&excuses[1], "blue has x=1"));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_none_is_alike),
		cmocka_unit_test(test_excuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
