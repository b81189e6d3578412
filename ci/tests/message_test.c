// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * message_test.c - a buffer for a netlink message, and what does not fit into it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/rtnetlink.h>

#include "lab/message.h"

/* What does not fit is noted, harms nothing, and stays noted */
static void test_overflow(void **state)
{
	static const char big[RTNL_MSG_SIZE];
	struct nlattr *nest;
	struct rtnl_msg m;

	(void)state;
	rtnl_msg_init(&m, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	rtnl_put(&m, 1, big, 1100);
	assert_false(m.overflow);
	rtnl_put(&m, 1, big, 1100);
	assert_true(m.overflow);
	nest = rtnl_nest(&m, 2);
	rtnl_put_header(&m, 16);
	rtnl_put(&m, 1, big, sizeof(big));
	rtnl_nest_end(&m, nest);
	rtnl_put_u8(&m, 1, 1);
	assert_true(m.overflow);
	assert_true(m.header.nlmsg_len <= RTNL_MSG_SIZE);

	rtnl_msg_init(&m, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	assert_false(m.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
