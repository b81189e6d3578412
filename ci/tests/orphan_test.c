// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * orphan_test.c - descriptors that the kernel closes on its own time
 *
 * Whether one is closed shows at the other end of a pipe.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>
#include <cmocka.h>

#include "lab/orphan.h"

enum { PIPES = 9, PATIENCE_MS = 20000 };

static void open_pipes(int *readers, int *writers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int both[2];

		assert_int_equal(pipe(both), 0);
		readers[i] = both[0];
		writers[i] = both[1];
	}
}

static bool hangs_up(int reader, int wait_ms)
{
	struct pollfd p = { .fd = reader };

	return poll(&p, 1, wait_ms) == 1 && p.revents & POLLHUP;
}

/* Either it is the kernel's, and closed before long, or still the caller's */
static void test_closed(void **state)
{
	int readers[3], writers[3];

	(void)state;
	open_pipes(readers, writers, 3);
	orphan_fds(writers, 3);
	for (size_t i = 0; i < 3; i++) {
		if (writers[i] < 0) {
			assert_true(hangs_up(readers[i], PATIENCE_MS));
		} else {
			assert_false(hangs_up(readers[i], 0));
			close(writers[i]);
		}
		close(readers[i]);
	}
}

/* What comes before the first are closed stays with the caller */
static void test_one_at_a_time(void **state)
{
	int readers[2], writers[2];
	int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	(void)state;
	open_pipes(readers, writers, 2);
	/* Or those of the test before have it still: the same to the next */
	flock(own, LOCK_EX | LOCK_NB);
	orphan_fds(writers, 2);
	close(own);
	for (size_t i = 0; i < 2; i++) {
		assert_true(writers[i] >= 0);
		close(writers[i]);
		close(readers[i]);
	}
}

static void test_too_many(void **state)
{
	int readers[PIPES], writers[PIPES];

	(void)state;
	open_pipes(readers, writers, PIPES);
	orphan_fds(writers, PIPES);
	for (size_t i = 0; i < PIPES; i++) {
		assert_true(writers[i] >= 0);
		assert_false(hangs_up(readers[i], 0));
		close(writers[i]);
		close(readers[i]);
	}
}

static void test_none(void **state)
{
	(void)state;
	orphan_fds(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
