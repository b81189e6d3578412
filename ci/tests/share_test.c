// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * share_test.c - what a lab can take of the machine's neighbour table
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/plan.h"
#include "scenario/problems.h"
#include "share.h"

static uint64_t share_in(const char *text, uint64_t limit)
{
	struct source source = {
		.path = strdup("test.yaml"),
		.text = strdup(text),
		.length = strlen(text),
	};
	struct lc_problems problems;
	struct loaded loaded;
	struct plan plan;
	struct lc_err err = { "" };
	uint64_t share;

	problems_init(&problems);
	load_source(&loaded, &source, lc_checks, &problems, &err);
	plan_make(&plan, loaded.scenario, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (!problems.items[i].warning)
			print_error("%s\n", problems.items[i].text);
	assert_int_equal(problems.errors, 0);
	share = share_of(&plan, limit);
	plan_done(&plan);
	loaded_done(&loaded);
	problems_done(&problems);
	return share;
}

#define RED "nodes: [{name: red, interfaces: [{name: eth0, kind: dummy, addresses: "
#define STEP "steps: [{ping: {from: red, to: 10.0.0.9, expect: fail}}]\n"

static const struct share_case {
	const char *text;
	uint64_t share;
} cases[] = {
	{ "nodes: [{name: red}]\n", 0 },
	{ RED "[10.0.0.1/24]}]}]\n" STEP, 1 },
	/* Each of the other, and of whom nobody is */
	{ "nodes:\n"
	  "  - {name: red, interfaces: [{name: eth0, kind: dummy, addresses: [10.0.0.1/24]}]}\n"
	  "  - {name: blue, interfaces: [{name: eth0, kind: dummy, addresses: [10.0.0.2/24]}]}\n"
	  "  - {name: far, interfaces: [{name: eth0, kind: dummy, addresses: [10.0.1.2/24]}]}\n"
	  STEP, 3 },
	/* IPv6: the other's address, and groups of each interface */
	{ "nodes:\n"
	  "  - {name: red, interfaces: [{name: eth0, kind: dummy, ipv6: true, addresses: [\"fd00::1/64\"]}]}\n"
	  "  - {name: blue, interfaces: [{name: eth0, kind: dummy, addresses: [\"fd00::2/64\"]}]}\n",
	  2 + 2 * 4 },
	/* A bridge of 10 containers and its host */
	{ "nodes: [{name: host}, {name: u, count: 10, network: net}]\n"
	  "networks: [{name: net, on: host}]\n", 11 * 10 },
	/* The largest of the labs that it becomes; the later ones count */
	{ "nodes: [{name: host}, {name: u1, network: net}]\n"
	  "networks: [{name: net, on: host}]\n"
	  "steps: [{create: {name: u2, network: net}}]\n", 1 + 3 * 2 },
	/* All of it: more than there is, and what is outside of the lab */
	{ "nodes: [{name: host}, {name: u, count: 40, network: net}]\n"
	  "networks: [{name: net, on: host}]\n", 768 },
	{ "nodes: [{name: red, netns: red}]\n", 768 },
	{ "requires: [privileged]\nnodes: [{name: red}]\n", 768 },
};

static void test_shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t share = share_in(cases[i].text, 768);

		if (share != cases[i].share)
			print_error("%s", cases[i].text);
		assert_int_equal(share, cases[i].share);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shares) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
