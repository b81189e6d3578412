// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_test.c - arithmetic with addresses, against cases worked by hand
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "scenario/address.h"

static struct lc_ip ip(const char *text)
{
	struct lc_ip ip = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	assert_int_equal(inet_pton(ip.family, text, ip.bytes), 1);
	return ip;
}

static void is(const struct lc_ip *got, const char *expected)
{
	char text[IP_TEXT_SIZE];

	assert_string_equal(ip_format(got, text), expected);
}

static void formats(void **state)
{
	const uint8_t mac[6] = { 0x02, 0x42, 0xac, 0x11, 0x00, 0x0a };
	const struct lc_ip none = { 0 };
	struct lc_ip v4 = ip("172.17.0.10");
	char text[PREFIX_TEXT_SIZE];

	(void)state;
	assert_string_equal(mac_format(mac, text), "02:42:ac:11:00:0a");
	assert_string_equal(prefix_format(&v4, 16, text), "172.17.0.10/16");
	is(&none, "-");
	v4 = ip("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255");
	prefix_format(&v4, 128, text);
	assert_string_equal(text,
			    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
}

static void networks(void **state)
{
	static const struct {
		const char *ip;
		uint8_t length;
		const char *network, *last;
	} cases[] = {
		{ "192.168.15.77", 24, "192.168.15.0", "192.168.15.255" },
		{ "192.168.15.77", 32, "192.168.15.77", "192.168.15.77" },
		{ "192.168.15.77", 0, "0.0.0.0", "255.255.255.255" },
		{ "192.168.15.77", 27, "192.168.15.64", "192.168.15.95" },
		{ "172.31.255.1", 12, "172.16.0.0", "172.31.255.255" },
		{ "10.0.0.1", 31, "10.0.0.0", "10.0.0.1" },
		{ "2001:db8::1:2", 64, "2001:db8::",
		  "2001:db8::ffff:ffff:ffff:ffff" },
		{ "2001:db8::1:2", 127, "2001:db8::1:2", "2001:db8::1:3" },
		{ "2001:db8::1:2", 9, "2000::",
		  "207f:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	struct lc_ip address, result;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		address = ip(cases[i].ip);
		result = ip_network(&address, cases[i].length);
		is(&result, cases[i].network);
		result = ip_last(&address, cases[i].length);
		is(&result, cases[i].last);
	}
}

static void additions(void **state)
{
	static const struct {
		const char *ip;
		uint64_t n;
		const char *sum;		/* NULL: too far */
	} cases[] = {
		{ "10.0.0.255", 1, "10.0.1.0" },
		{ "10.0.0.0", 65536, "10.1.0.0" },
		{ "10.255.255.255", 0, "10.255.255.255" },
		{ "255.255.255.255", 1, NULL },
		{ "0.0.0.1", 0xffffffff, NULL },
		{ "0.0.0.1", 1ull << 32, NULL },
		{ "fd00::ffff", 1, "fd00::1:0" },
		{ "fd00::", UINT64_MAX, "fd00::ffff:ffff:ffff:ffff" },
		{ "fd00::1", UINT64_MAX, "fd00:0:0:1::" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, NULL },
	};
	struct lc_ip address, sum;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		address = ip(cases[i].ip);
		sum = address;
		assert_int_equal(ip_add(&address, cases[i].n, &sum),
				 cases[i].sum != NULL);
		is(&sum, cases[i].sum ? cases[i].sum : cases[i].ip);
	}
}

static void containments(void **state)
{
	static const struct {
		const char *network;
		uint8_t length;
		const char *ip;
		bool contains, has_host;
	} cases[] = {
		{ "192.168.15.0", 24, "192.168.15.255", true, false },
		{ "192.168.15.0", 24, "192.168.15.0", true, false },
		{ "192.168.15.9", 24, "192.168.15.1", true, true },
		{ "192.168.15.0", 24, "192.168.16.1", false, false },
		{ "172.16.0.0", 16, "172.16.1.0", true, true },
		{ "172.16.0.0", 16, "172.16.255.255", true, false },
		{ "10.0.0.0", 31, "10.0.0.0", true, true },
		{ "10.0.0.0", 31, "10.0.0.1", true, true },
		{ "10.0.0.5", 32, "10.0.0.5", true, true },
		{ "0.0.0.0", 0, "8.8.8.8", true, true },
		{ "0.0.0.0", 0, "::1", false, false },
		{ "fd00::", 64, "fd00::", true, true },
		{ "fd00::", 64, "fd00::ffff:0:0:1", true, true },
		{ "fd00::", 63, "fd00:0:0:1::1", true, true },
		{ "fd00::", 64, "fd00:0:0:1::1", false, false },
	};
	struct lc_ip network, address;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		network = ip(cases[i].network);
		address = ip(cases[i].ip);
		assert_int_equal(prefix_contains(&network, cases[i].length,
						 &address),
				 cases[i].contains);
		assert_int_equal(prefix_has_host(&network, cases[i].length,
						 &address),
				 cases[i].has_host);
	}
}

static void overlaps(void **state)
{
	static const struct {
		const char *a;
		uint8_t a_length;
		const char *b;
		uint8_t b_length;
		bool overlap;
	} cases[] = {
		{ "172.18.0.0", 16, "172.18.5.0", 24, true },
		{ "172.18.5.0", 24, "172.18.0.0", 16, true },
		{ "172.18.0.0", 16, "172.19.0.0", 16, false },
		{ "0.0.0.0", 0, "10.0.0.0", 8, true },
		{ "0.0.0.0", 0, "fd00::", 8, false },
		{ "192.168.0.0", 20, "192.168.15.0", 24, true },
		{ "192.168.0.0", 20, "192.168.16.0", 24, false },
	};
	struct lc_ip a, b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		a = ip(cases[i].a);
		b = ip(cases[i].b);
		assert_int_equal(prefix_overlaps(&a, cases[i].a_length, &b,
						 cases[i].b_length),
				 cases[i].overlap);
	}
}

static void kinds(void **state)
{
	static const struct {
		const char *ip;
		bool any, loopback, link_local, multicast;
	} cases[] = {
		{ "0.0.0.0", true, false, false, false },
		{ "::", true, false, false, false },
		{ "127.8.9.1", false, true, false, false },
		{ "::1", false, true, false, false },
		{ "169.254.3.4", false, false, true, false },
		{ "fe80::1", false, false, true, false },
		{ "febf::1", false, false, true, false },
		{ "fec0::1", false, false, false, false },
		{ "224.0.0.1", false, false, false, true },
		{ "239.255.0.1", false, false, false, true },
		{ "240.0.0.1", false, false, false, false },
		{ "ff02::1", false, false, false, true },
		{ "192.168.1.1", false, false, false, false },
	};
	struct lc_ip address;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		address = ip(cases[i].ip);
		assert_int_equal(ip_is_any(&address), cases[i].any);
		assert_int_equal(ip_is_loopback(&address), cases[i].loopback);
		assert_int_equal(ip_is_link_local(&address),
				 cases[i].link_local);
		assert_int_equal(ip_is_multicast(&address),
				 cases[i].multicast);
	}
}

/* In this order, each before the next */
static void order(void **state)
{
	static const char *const sorted[] = {
		"0.0.0.0", "9.255.0.0", "10.0.0.1", "10.0.1.0", "200.0.0.0",
		"::", "::1", "fd00::1", "fe80::",
	};
	struct lc_ip a, b;
	size_t i, k, count = sizeof(sorted) / sizeof(*sorted);

	(void)state;
	for (i = 0; i < count; i++) {
		for (k = 0; k < count; k++) {
			a = ip(sorted[i]);
			b = ip(sorted[k]);
			assert_int_equal(ip_compare(&a, &b) < 0, i < k);
			assert_int_equal(ip_equal(&a, &b), i == k);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(networks),
		cmocka_unit_test(additions),
		cmocka_unit_test(containments),
		cmocka_unit_test(overlaps),
		cmocka_unit_test(kinds),
		cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
