// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys_test.c - which number a key has
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/arena.h"
#include "scenario/keys.h"

#define BEGINNING	"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"

enum { MANY = 20000, LONG = 5000 };

/* Each is another one, however much it has in common with those before */
static void test_apart(void **state)
{
	static const char zeros[4], text[LONG];
	static const struct {
		uint32_t scope;
		const void *key;
		size_t size;
	} cases[] = {
		{ 0, "eth0", 4 },
		{ 1, "eth0", 4 },
		{ 0, "eth", 3 },
		{ 0, "eth00", 5 },
		{ 0, "eth0", 5 },
		{ 0, "", 0 },
		{ 1, "", 0 },
		{ 0, zeros, 1 },
		{ 0, zeros, 4 },
		{ 0, text, LONG },
		{ 0, text, LONG - 1 },
	};
	const uint32_t count = sizeof(cases) / sizeof(*cases);
	struct arena *arena = arena_new();
	struct keys *keys = keys_new(arena);
	uint32_t number;

	(void)state;
	for (uint32_t i = 0; i < count; i++) {
		assert_false(keys_find(keys, cases[i].scope, cases[i].key,
				       cases[i].size, NULL));
		assert_true(keys_add(keys, cases[i].scope, cases[i].key,
				     cases[i].size, i));
	}
	for (uint32_t i = 0; i < count; i++) {
		assert_false(keys_add(keys, cases[i].scope, cases[i].key,
				      cases[i].size, MANY));
		assert_true(keys_find(keys, cases[i].scope, cases[i].key,
				      cases[i].size, &number));
		assert_int_equal(number, i);
	}
	arena_free(arena);
}

/* A key is copied, and what one has stays as the table grows.  Whoever looks for
 * what all of them begin with comes across some, and finds none */
static void test_many(void **state)
{
	struct arena *arena = arena_new();
	struct keys *keys = keys_new(arena);
	uint32_t number;
	char name[64];

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), BEGINNING "%u", i / 2);
		assert_true(keys_add_name(keys, i % 2, name, i));
	}
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), BEGINNING "%u", i / 2);
		assert_true(keys_find_name(keys, i % 2, name, &number));
		assert_int_equal(number, i);
		assert_false(keys_find_name(keys, 2, name, NULL));
	}
	for (size_t i = 0; i < strlen(BEGINNING); i++)
		assert_false(keys_find_name(keys, 0, &BEGINNING[i], NULL));
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
