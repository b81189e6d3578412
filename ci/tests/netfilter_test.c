// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_test.c - from one list of rules to another
 *
 *	netfilter_test			which rules are in both; no privileges
 *	netfilter_test DO...		for netfilter.sh, in a network namespace
 *					that it may change: one after the other
 *		=LIST			from the rules as they are to those of a
 *					list
 *		+LIST			the rules of a list are added
 *		?LIST			print a list for iptables-restore
 *		!WORD			a rule whose match is called WORD
 *		try			what `requires: [iptables]` does
 *		COMMAND			run it in a shell
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/message.h"
#include "lab/netfilter.h"
#include "lab/netfilter_batch.h"
#include "lab/netfilter_match.h"
#include "lab/netfilter_message.h"
#include "lab/netfilter_try.h"
#include "netfilter_lists.h"
#include "scenario/rule_text.h"

static void test_match(void **state)
{
	static const struct {
		const char *before, *after;
		size_t match[8];
	} cases[] = {
		{ "none", "abc", { NO_RULE, NO_RULE, NO_RULE } },
		{ "abc", "abc", { 0, 1, 2 } },
		{ "abc", "xaybzcw",
		  { NO_RULE, 0, NO_RULE, 1, NO_RULE, 2, NO_RULE } },
		{ "xaybzcw", "abc", { 1, 3, 5 } },
		{ "abc", "cab", { NO_RULE, 0, 1 } },
		{ "abc", "c", { 2 } },
		{ "abc", "aab", { 0, NO_RULE, 1 } },
		{ "aab", "abc", { 0, 2, NO_RULE } },
		{ "abc", "other", { NO_RULE, NO_RULE } },
	};
	size_t match[8];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct netfilter_rules *after =
			list_find(cases[i].after);

		assert_int_equal(netfilter_match(list_find(cases[i].before),
						 after, match), 0);
		for (size_t k = 0; k < after->rule_count; k++)
			assert_int_equal(match[k], cases[i].match[k]);
	}
}

enum { LETTERS = 4, LONGEST = 9, TRIES = 5000 };

static void random_list(struct plan_rule *rules, size_t *ret_count)
{
	static char names[LETTERS][2] = { "a", "b", "c", "d" };

	*ret_count = rand() % (LONGEST + 1);
	for (size_t i = 0; i < *ret_count; i++)
		rules[i] = (struct plan_rule)IN(names[rand() % LETTERS]);
}

/* The longest common subsequence, the plain way */
static size_t longest(const struct plan_rule *a, size_t a_count,
		      const struct plan_rule *b, size_t b_count)
{
	size_t skip_a, skip_b;

	if (!a_count || !b_count)
		return 0;
	if (*a->in == *b->in)
		return 1 + longest(a + 1, a_count - 1, b + 1, b_count - 1);
	skip_a = longest(a + 1, a_count - 1, b, b_count);
	skip_b = longest(a, a_count, b + 1, b_count - 1);
	return skip_a > skip_b ? skip_a : skip_b;
}

/* What is matched is the same, in order, and as much as can be */
static void test_match_any(void **state)
{
	struct plan_rule before[LONGEST], after[LONGEST];
	struct netfilter_rules old = { .rules = before };
	struct netfilter_rules new = { .rules = after };
	size_t match[LONGEST];

	(void)state;
	srand(1);
	for (int i = 0; i < TRIES; i++) {
		size_t count = 0, next = 0;

		random_list(before, &old.rule_count);
		random_list(after, &new.rule_count);
		assert_int_equal(netfilter_match(&old, &new, match), 0);
		for (size_t k = 0; k < new.rule_count; k++) {
			if (match[k] == NO_RULE)
				continue;
			assert_in_range(match[k], next, old.rule_count - 1);
			assert_string_equal(before[match[k]].in, after[k].in);
			next = match[k] + 1;
			count++;
		}
		assert_int_equal(count, longest(before, old.rule_count, after,
						new.rule_count));
	}
}

/* ---- in a namespace, for netfilter.sh ---- */

static void print_list(const struct netfilter_rules *list)
{
	for (int table = 0; table < RULE_TABLES; table++) {
		printf("*%s\n", rule_table_words[table]);
		for (size_t i = 0; i < list->chain_count; i++) {
			const struct plan_chain *c = &list->chains[i];

			if ((int)c->table == table)
				printf(":%s %s [0:0]\n", c->name,
				       c->policy < 0 ? "-" :
				       c->policy == RULE_DROP ? "DROP" :
								"ACCEPT");
		}
		for (size_t i = 0; i < list->rule_count; i++) {
			if ((int)list->rules[i].table != table)
				continue;
			rule_write(stdout, &list->rules[i]);
			putchar('\n');
		}
		puts("COMMIT");
	}
	fflush(stdout);
}

static struct plan_node node_of(const struct netfilter_rules *list)
{
	return (struct plan_node){
		.name = "host", .kind = NODE_OWN,
		.chains = (struct plan_chain *)list->chains,
		.chain_count = list->chain_count,
		.rules = (struct plan_rule *)list->rules,
		.rule_count = list->rule_count,
	};
}

/* Over the name of a match that there is; the kernel does as without it */
static int load_unknown(struct lc_node *node, const char *name,
			struct lc_err *err)
{
	const struct netfilter_subject subject = { .rule = &all_rules[1] };
	struct netfilter_batch *batch;
	struct rtnl_msg m;
	int r = netfilter_batch_open(node, &batch, err);

	if (r)
		return r;
	netfilter_build_table(&m, RULE_FILTER);
	netfilter_batch_add(batch, &m, &subject);
	netfilter_build_builtin(&m, netfilter_builtin(RULE_FILTER, "FORWARD"));
	netfilter_batch_add(batch, &m, &subject);
	netfilter_build_rule(&m, subject.rule, 0);
	memcpy(memmem(m.bytes, m.header.nlmsg_len, "conntrack", 9), name,
	       strlen(name));
	netfilter_batch_add(batch, &m, &subject);
	r = netfilter_batch_commit(batch, NULL, err);
	netfilter_batch_free(batch);
	return r;
}

static int do_one(struct lc_node *node, struct plan_node *plan,
		  const char *what, struct lc_err *err)
{
	const struct netfilter_rules *list;
	struct plan_node next;
	int r;

	switch (*what) {
	case '?':
		print_list(list_find(what + 1));
		return 0;
	case '+':
		list = list_find(what + 1);
		return netfilter_add(node, list->chains, list->chain_count,
				     list->rules, list->rule_count, err);
	case '!':
		return load_unknown(node, what + 1, err);
	case '=':
		next = node_of(list_find(what + 1));
		if (node->netfilter) {
			r = netfilter_advance(node, plan, &next, err);
			*plan = next;
			return r;
		}
		*plan = next;
		return netfilter_load(node->lab, NULL, err);
	default:
		if (!strcmp(what, "try"))
			return netfilter_try(err);
		return system(what) ? lc_err_set(err, -EIO, "failed: %s", what)
				    : 0;
	}
}

static int do_all(char **what)
{
	struct plan_node plan = { .name = "host" };
	struct lc_lab lab = { .node_count = 1 };
	struct lc_node node = { .lab = &lab, .plan = &plan, .mntns = -1 };
	struct lc_err err;
	int r = 0;

	lab.nodes = &node;
	lab.home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	node.netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	for (; *what && !r; what++) {
		r = do_one(&node, &plan, *what, &err);
		if (r)
			fprintf(stderr, "%s: %s (%s)\n", *what, err.text,
				strerror(-r));
	}
	netfilter_forget(&node);
	close(node.netns);
	close(lab.home);
	return r ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_any),
	};

	many_init();
	if (argc > 1)
		return do_all(argv + 1);
	return cmocka_run_group_tests_name("netfilter", tests, NULL, NULL);
}
