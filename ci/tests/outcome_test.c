// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outcome_test.c - evidence and the word for it, as tables
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "probe/packet/outcome.h"

static const struct {
	int family;
	uint8_t type, code;
	bool own;
	enum lc_outcome outcome;
} icmp_cases[] = {
	{ AF_INET, 3, 0, false, LC_NET_UNREACHABLE },
	{ AF_INET, 3, 1, false, LC_HOST_UNREACHABLE },
	{ AF_INET, 3, 1, true, LC_NO_NEIGHBOR },
	{ AF_INET, 3, 2, false, LC_PROTOCOL_UNREACHABLE },
	{ AF_INET, 3, 3, false, LC_PORT_UNREACHABLE },
	{ AF_INET, 3, 3, true, LC_BLOCKED },
	{ AF_INET, 3, 4, false, LC_TOO_BIG },
	{ AF_INET, 3, 4, true, LC_TOO_BIG },
	{ AF_INET, 3, 5, false, LC_REJECT },
	{ AF_INET, 3, 6, false, LC_NET_UNREACHABLE },
	{ AF_INET, 3, 7, false, LC_HOST_UNREACHABLE },
	{ AF_INET, 3, 9, false, LC_PROHIBITED },
	{ AF_INET, 3, 10, false, LC_PROHIBITED },
	{ AF_INET, 3, 13, false, LC_PROHIBITED },
	{ AF_INET, 3, 13, true, LC_BLOCKED },
	{ AF_INET, 3, 15, false, LC_REJECT },
	{ AF_INET, 11, 0, false, LC_TTL_EXCEEDED },
	{ AF_INET, 11, 1, false, LC_REJECT },
	{ AF_INET, 12, 0, false, LC_REJECT },
	{ AF_INET6, 1, 0, false, LC_NET_UNREACHABLE },
	{ AF_INET6, 1, 1, false, LC_PROHIBITED },
	{ AF_INET6, 1, 2, false, LC_REJECT },
	{ AF_INET6, 1, 3, false, LC_HOST_UNREACHABLE },
	{ AF_INET6, 1, 3, true, LC_NO_NEIGHBOR },
	{ AF_INET6, 1, 4, false, LC_PORT_UNREACHABLE },
	{ AF_INET6, 1, 5, false, LC_PROHIBITED },
	{ AF_INET6, 1, 6, false, LC_PROHIBITED },
	{ AF_INET6, 2, 0, false, LC_TOO_BIG },
	{ AF_INET6, 3, 0, false, LC_TTL_EXCEEDED },
	{ AF_INET6, 4, 1, false, LC_PROTOCOL_UNREACHABLE },
	{ AF_INET6, 4, 0, false, LC_REJECT },
};

static void test_icmp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(icmp_cases) / sizeof(*icmp_cases); i++)
		assert_int_equal(outcome_of_icmp(icmp_cases[i].family,
						 icmp_cases[i].type,
						 icmp_cases[i].code,
						 icmp_cases[i].own),
				 icmp_cases[i].outcome);
}

static const struct {
	int error;
	enum lc_outcome outcome;
} send_cases[] = {
	{ ENETUNREACH, LC_NO_ROUTE },	{ EHOSTUNREACH, LC_BLOCKED },
	{ EACCES, LC_BLOCKED },		{ EPERM, LC_BLOCKED },
	{ EMSGSIZE, LC_TOO_BIG },	{ ENOBUFS, LC_OUTCOME_ERROR },
	{ EINVAL, LC_OUTCOME_ERROR },	{ ENOMEM, LC_OUTCOME_ERROR },
	{ EADDRNOTAVAIL, LC_OUTCOME_ERROR },
};

static void test_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(send_cases) / sizeof(*send_cases); i++)
		assert_int_equal(outcome_of_send(send_cases[i].error),
				 send_cases[i].outcome);
}

static void test_expectations(void **state)
{
	(void)state;
	for (int got = LC_REPLY; got <= LC_NO_NAME; got++) {
		bool rejected = got >= LC_NET_UNREACHABLE && got <= LC_REJECT;

		assert_int_equal(lc_outcome_is(LC_EXPECT_FAIL, got),
				 got != LC_REPLY && got != LC_NO_CARRIER);
		assert_int_equal(lc_outcome_is(LC_REJECT, got), rejected);
		for (int expect = LC_REPLY; expect <= LC_NO_NAME; expect++)
			if (expect != LC_REJECT)
				assert_int_equal(lc_outcome_is(expect, got),
						 expect == got);
	}
	/* What could not be measured is nothing that can be expected */
	for (int expect = LC_REPLY; expect <= LC_EXPECT_FAIL; expect++)
		assert_int_equal(lc_outcome_is(expect, LC_OUTCOME_ERROR), 0);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(lc_outcome_name(LC_REPLY, LC_TCP), "open");
	assert_string_equal(lc_outcome_name(LC_REPLY, LC_UDP), "reply");
	assert_string_equal(lc_outcome_name(LC_BLOCKED, LC_ICMP), "blocked");
	assert_string_equal(lc_words_open[LC_EXPECT_FAIL], "fail");
	assert_null(lc_words_open[LC_EXPECT_FAIL + 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_expectations),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
