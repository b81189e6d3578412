// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * order_test.c - parts of a suite, and random orders
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "order.h"
#include "suite.h"

enum { MOST = 64 };

/** struct list - Files whose paths are the letters of a word */
struct list {
	struct suite_file files[MOST];
	char paths[MOST][2];
	struct suite_file *chosen[MOST];
	size_t count;
};

static void list_init(struct list *l, const char *letters)
{
	memset(l, 0, sizeof(*l));
	for (; letters[l->count]; l->count++) {
		l->paths[l->count][0] = letters[l->count];
		l->files[l->count].path = l->paths[l->count];
		l->chosen[l->count] = &l->files[l->count];
	}
}

static const char *letters_of(const struct list *l, size_t count)
{
	static char text[MOST + 1];

	for (size_t i = 0; i < count; i++)
		text[i] = *l->chosen[i]->path;
	text[count] = '\0';
	return text;
}

static const struct shard_case {
	const char *list;
	unsigned long part, parts;
	const char *kept;
} shards[] = {
	{ "abcdefg", 1, 1, "abcdefg" },
	{ "abcdefg", 1, 3, "adg" },
	{ "abcdefg", 2, 3, "be" },
	{ "abcdefg", 3, 3, "cf" },
	/* In whatever order they are given, the parts are the same, and each
	 * keeps the order */
	{ "gfedcba", 1, 3, "gda" },
	{ "gacbfed", 2, 3, "be" },
	/* Bytes, and no locale's letters */
	{ "aBbA", 1, 2, "aA" },
	/* The same file twice is two */
	{ "aaab", 1, 2, "aa" },
	{ "aaab", 2, 2, "ab" },
	/* More parts than there is to divide */
	{ "ab", 2, 100, "b" },
	{ "ab", 3, 100, "" },
	{ "", 1, 2, "" },
};

static void test_shards(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shards) / sizeof(*shards); i++) {
		const struct shard_case *c = &shards[i];
		struct list l;
		size_t kept;

		list_init(&l, c->list);
		assert_int_equal(order_shard(l.chosen, l.count, c->part,
					     c->parts, &kept), 0);
		assert_string_equal(letters_of(&l, kept), c->kept);
	}
}

static const struct shuffle_case {
	const char *list;
	uint64_t seed;
	const char *first, *second;
} shuffles[] = {
	{ "abcdefgh", 1, "edchfgab", "aehbcfdg" },
	{ "hgfedcba", 1, "edchfgab", "aehbcfdg" },
	{ "abcdefgh", 2, "fchebdag", "cfdgbahe" },
	{ "a", 1, "a", "a" },
	{ "", 1, "", "" },
};

/* Pinned: a seed that was told must mean the same with another build */
static void test_shuffles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shuffles) / sizeof(*shuffles); i++) {
		const struct shuffle_case *c = &shuffles[i];
		uint64_t random = c->seed;
		struct list l;

		list_init(&l, c->list);
		assert_int_equal(order_sort(l.chosen, l.count), 0);
		order_shuffle(l.chosen, l.count, &random);
		assert_string_equal(letters_of(&l, l.count), c->first);
		order_shuffle(l.chosen, l.count, &random);
		assert_string_equal(letters_of(&l, l.count), c->second);
	}
}

/* No place is special: each letter comes to each about as often */
static void test_fairness(void **state)
{
	unsigned int counts[4][4] = { 0 };
	uint64_t random = 42;
	struct list l;

	(void)state;
	list_init(&l, "abcd");
	for (int n = 0; n < 4000; n++) {
		order_shuffle(l.chosen, l.count, &random);
		for (size_t i = 0; i < 4; i++)
			counts[i][*l.chosen[i]->path - 'a']++;
	}
	for (size_t i = 0; i < 16; i++)
		assert_in_range(counts[i / 4][i % 4], 850, 1150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shards),
		cmocka_unit_test(test_shuffles),
		cmocka_unit_test(test_fairness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
