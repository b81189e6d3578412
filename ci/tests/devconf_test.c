// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * devconf_test.c - what lo tells of IPv4's settings
 *
 * Against the files of the same settings, in a namespace of the test's own.
 */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/devconf.h"
#include "lab/rtnl.h"

static const char *const names[] = {
	"accept_local", "accept_redirects", "accept_source_route",
	"arp_accept", "arp_announce", "arp_filter", "arp_ignore", "arp_notify",
	"ignore_routes_with_linkdown", "promote_secondaries", "proxy_arp",
	"route_localnet", "rp_filter", "secure_redirects", "send_redirects",
	"src_valid_mark",
};

enum { COUNT = sizeof(names) / sizeof(*names) };

static int enter(void **state)
{
	struct rtnl *rtnl;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 0;
	if (rtnl_open(&rtnl, NULL))
		return -1;
	*state = rtnl;
	return 0;
}

static int leave(void **state)
{
	rtnl_free(*state);
	return 0;
}

static void set_lo(const char *name, const char *value)
{
	lc_auto(lc_close) int fd = -1;
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/lo/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, value, 1), 1);
}

static uint32_t tell(const struct devconf *devconf, const char *name)
{
	uint32_t value = UINT32_MAX;
	char key[128];

	snprintf(key, sizeof(key), "net/ipv4/conf/default/%s", name);
	assert_true(devconf_default(devconf, key, &value));
	return value;
}

/* Each in turn is the only one that is set */
static void test_numbers(void **state)
{
	if (!*state)
		skip();
	for (size_t i = 0; i < COUNT; i++)
		set_lo(names[i], "0");
	for (size_t i = 0; i < COUNT; i++) {
		lc_auto(lc_free) struct devconf *devconf = NULL;

		set_lo(names[i], "1");
		devconf = devconf_read(*state);
		for (size_t k = 0; k < COUNT; k++)
			assert_int_equal(tell(devconf, names[k]), k == i);
		set_lo(names[i], "0");
	}
}

static void test_others(void **state)
{
	lc_auto(lc_free) struct devconf *devconf = NULL;
	uint32_t value;

	if (!*state)
		skip();
	devconf = devconf_read(*state);
	assert_false(devconf_default(devconf, "net/ipv4/conf/all/rp_filter",
				     &value));
	assert_false(devconf_default(devconf, "net/ipv4/conf/default/unheard_of",
				     &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
