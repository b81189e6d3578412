// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remains_test.c - what is kept is open, what goes is closed, in the order of
 * its coming
 *
 * The writing end of a pipe stands for a namespace: who reads knows whether it
 * is open.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "remains.h"

enum { LABS = 2 };

/* Put one there, and nowhere else; the other end tells of it */
static int put(const struct remains *r, size_t bridges)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	remains_put(r->in, ends[1], bridges);
	close(ends[1]);
	return ends[0];
}

static int is_kept(int end)
{
	struct pollfd p = { .fd = end };

	assert_true(poll(&p, 1, 0) >= 0);
	return !(p.revents & POLLHUP);
}

static void test_order(void **state)
{
	struct remains r;
	int first, second;

	(void)state;
	remains_begin(&r, LABS);
	assert_true(r.in >= 0);
	assert_int_equal(remains_count(&r), 0);
	first = put(&r, 1);
	second = put(&r, 3);
	assert_int_equal(remains_count(&r), 4);
	assert_true(is_kept(first) && is_kept(second));
	remains_let_go(&r);
	assert_int_equal(remains_count(&r), 3);
	assert_true(!is_kept(first) && is_kept(second));
	remains_let_go(&r);
	assert_int_equal(remains_count(&r), 0);
	assert_false(is_kept(second));
	/* There is nothing more, and nothing is waited for */
	remains_let_go(&r);
	close(first);
	close(second);
	remains_done(&r);
}

static void test_most(void **state)
{
	struct remains r;
	int first, second, third;

	(void)state;
	remains_begin(&r, LABS);
	r.most = 4;
	first = put(&r, 2);
	second = put(&r, 2);
	remains_trim(&r);
	assert_true(is_kept(first) && is_kept(second));
	third = put(&r, 1);
	remains_trim(&r);
	assert_int_equal(remains_count(&r), 3);
	assert_true(!is_kept(first) && is_kept(second) && is_kept(third));
	close(first);
	close(second);
	close(third);
	remains_done(&r);
}

/* It counts as no more than may be, and what was there goes for it */
static void test_too_large(void **state)
{
	struct remains r;
	int small, large;

	(void)state;
	remains_begin(&r, LABS);
	small = put(&r, 1);
	large = put(&r, 2 * REMAINS_MOST);
	remains_trim(&r);
	assert_false(is_kept(small));
	assert_true(remains_count(&r) <= REMAINS_MOST);
	close(small);
	close(large);
	remains_done(&r);
}

static void test_end(void **state)
{
	struct remains r;
	int end;

	(void)state;
	remains_begin(&r, LABS);
	end = put(&r, 1);
	remains_done(&r);
	assert_false(is_kept(end));
	close(end);
}

/* Nobody comes after a single lab */
static void test_single(void **state)
{
	struct remains r;
	int end;

	(void)state;
	remains_begin(&r, 1);
	assert_int_equal(r.in, -1);
	end = put(&r, 1);
	assert_false(is_kept(end));
	assert_int_equal(remains_count(&r), 0);
	remains_trim(&r);
	remains_let_go(&r);
	close(end);
	remains_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_single),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
