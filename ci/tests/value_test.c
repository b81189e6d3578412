// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value_test.c - scalars read strictly: what passes, and what is said of others
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <labcheck/err.h>

#include "scenario/address.h"
#include "scenario/arena.h"
#include "scenario/value.h"

static const char *const words[] = { "reply", "drop", "refused", NULL };

/**
 * struct row - A text read as a type
 * @meaning:	What it means, as show() puts it; NULL: it is refused
 * @reason:	Must be part of what is said then
 */
struct row {
	enum lc_type type;
	const char *text;
	const char *meaning;
	const char *reason;
};

/* clang-format off */
static const struct row rows[] = {
	{ LC_TEXT, "a", "" },
	{ LC_TEXT, "", NULL, "empty" },
	{ LC_TEXT, " \n", NULL, "empty" },
	{ LC_WORDS, "", "" },

	{ LC_NAME, "red", "" },
	{ LC_NAME, "a-B_9", "" },
	{ LC_NAME, "9a", NULL, "is not a name" },
	{ LC_NAME, "a b", NULL, "is not a name" },
	{ LC_NAME, "a:b", NULL, "is not a name" },
	{ LC_NAME, "\xc3\xa4", NULL, "is not a name" },
	{ LC_NAME, "", NULL, "missing" },
	{ LC_NAME, "none", NULL, "meaning of its own" },
	{ LC_NAME, "docker", NULL, "meaning of its own" },
	{ LC_NAME, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL, "longer" },

	{ LC_IFNAME, "eth0", "" },
	{ LC_IFNAME, "eth0.100", "" },
	{ LC_IFNAME, "fifteen-bytes-x", "" },
	{ LC_IFNAME, "sixteen-bytes-xx", NULL, "has 16 bytes" },
	{ LC_IFNAME, "a/b", NULL, "is not an interface" },
	{ LC_IFNAME, "a b", NULL, "is not an interface" },
	{ LC_IFNAME, "..", NULL, "is not an interface" },
	{ LC_IFNAME, "", NULL, "is not an interface" },
	{ LC_IFNAME, "$(x)", NULL, "is not an interface" },
	{ LC_IFNAME, "all", NULL, "net.ipv4.conf.all" },

	{ LC_NUMBER, "0", "0" },
	{ LC_NUMBER, "9223372036854775807", "9223372036854775807" },
	{ LC_NUMBER, "9223372036854775808", NULL, "too large" },
	{ LC_NUMBER, "99999999999999999999999", NULL, "too large" },
	{ LC_NUMBER, "10ms", NULL, "'10ms' is not a number: digits only" },
	{ LC_NUMBER, "010", NULL, "write 10" },
	{ LC_NUMBER, "-1", NULL, "digits only" },
	{ LC_NUMBER, "+1", NULL, "digits only" },
	{ LC_NUMBER, " 1", NULL, "digits only" },
	{ LC_NUMBER, "0x10", NULL, "digits only" },
	{ LC_NUMBER, "1e3", NULL, "digits only" },
	{ LC_NUMBER, "22:22", NULL, "digits only" },
	{ LC_NUMBER, "1_000", NULL, "digits only" },
	{ LC_NUMBER, "", NULL, "digits only" },

	{ LC_BOOL, "true", "1" },
	{ LC_BOOL, "false", "0" },
	{ LC_BOOL, "fasle", NULL, "'fasle' is not true or false" },
	{ LC_BOOL, "True", NULL, "not true or false" },
	{ LC_BOOL, "yes", NULL, "write true" },
	{ LC_BOOL, "off", NULL, "write false" },

	{ LC_DURATION, "100us", "100000" },
	{ LC_DURATION, "10ms", "10000000" },
	{ LC_DURATION, "5s", "5000000000" },
	{ LC_DURATION, "1.5s", "1500000000" },
	{ LC_DURATION, "0.000000001s", "1" },
	{ LC_DURATION, "2m", "120000000000" },
	{ LC_DURATION, "0s", "0" },
	{ LC_DURATION, "5", NULL, "write 5s" },
	{ LC_DURATION, "5.s", NULL, "not a duration" },
	{ LC_DURATION, ".5s", NULL, "not a duration" },
	{ LC_DURATION, "5 s", NULL, "not a duration" },
	{ LC_DURATION, "5sec", NULL, "not a duration" },
	{ LC_DURATION, "-5s", NULL, "not a duration" },
	{ LC_DURATION, "1.5.5s", NULL, "not a duration" },
	{ LC_DURATION, "25000000000000m", NULL, "too large" },
	{ LC_DURATION, "1441m", NULL, "more than a day" },
	{ LC_DURATION, "99999999999999999999s", NULL, "too large" },
	{ LC_DURATION, "", NULL, "not a duration" },

	{ LC_PERCENT, "1%", "100" },
	{ LC_PERCENT, "0.5%", "50" },
	{ LC_PERCENT, "100%", "10000" },
	{ LC_PERCENT, "100.01%", NULL, "more than 100%" },
	{ LC_PERCENT, "1", NULL, "write 1%" },

	{ LC_RATE, "8bit", "1" },
	{ LC_RATE, "10mbit", "1250000" },
	{ LC_RATE, "1.5gbit", "187500000" },
	{ LC_RATE, "10mbps", NULL, "not a rate" },
	{ LC_RATE, "0kbit", NULL, "lets nothing pass" },
	{ LC_RATE, "10", NULL, "write 10mbit" },

	{ LC_CHOICE, "reply", "0" },
	{ LC_CHOICE, "refused", "2" },
	{ LC_CHOICE, "dorp", NULL, "none of reply, drop, refused; did you mean "
				   "'drop'?" },
	{ LC_CHOICE, "", NULL, "none of" },

	{ LC_ADDRESS, "192.168.1.3", "192.168.1.3" },
	{ LC_ADDRESS, "fd00::3", "fd00::3" },
	{ LC_ADDRESS, "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
	{ LC_ADDRESS, "192.168.1.03", NULL, "03 begins with a zero" },
	{ LC_ADDRESS, "192.168.1.256", NULL, "256 is over 255" },
	{ LC_ADDRESS, "192.168.1", NULL, "it has 3 parts" },
	{ LC_ADDRESS, "192.168.1.3.4", NULL, "it has 5 parts" },
	{ LC_ADDRESS, "3232235779", NULL, "is over 255" },
	{ LC_ADDRESS, "192.168.1.3 ", NULL, "is not an address" },
	{ LC_ADDRESS, "192.168.1.", NULL, "is not an address" },
	{ LC_ADDRESS, "0xc0.168.1.3", NULL, "is not an address" },
	{ LC_ADDRESS, "192.168.1.3/24", NULL, "without a length" },
	{ LC_ADDRESS, "fe80::1%eth0", NULL, "with an interface" },
	{ LC_ADDRESS, "fd00::g", NULL, "is not an IPv6 address" },
	{ LC_ADDRESS, "fd00:::1", NULL, "is not an IPv6 address" },
	{ LC_ADDRESS, "", NULL, "is not an address" },

	{ LC_PREFIX, "192.168.15.1/24", "192.168.15.1/24" },
	{ LC_PREFIX, "192.168.15.1", "192.168.15.1/32 bare" },
	{ LC_PREFIX, "192.168.15.1/32", "192.168.15.1/32" },
	{ LC_PREFIX, "fd00::1", "fd00::1/128 bare" },
	{ LC_PREFIX, "fd00::1/64", "fd00::1/64" },
	{ LC_PREFIX, "192.168.15.1/33", NULL, "from 0 to 32" },
	{ LC_PREFIX, "fd00::1/129", NULL, "from 0 to 128" },
	{ LC_PREFIX, "192.168.15.1/", NULL, "from 0 to 32" },
	{ LC_PREFIX, "192.168.15.1/024", NULL, "from 0 to 32" },
	{ LC_PREFIX, "192.168.15.1/255.255.255.0", NULL, "from 0 to 32" },
	{ LC_PREFIX, "192.168.15.1/24/24", NULL, "from 0 to 32" },

	{ LC_SUBNET, "192.168.15.0/24", "192.168.15.0/24" },
	{ LC_SUBNET, "0.0.0.0/0", "0.0.0.0/0" },
	{ LC_SUBNET, "fd00::/64", "fd00::/64" },
	{ LC_SUBNET, "192.168.15.1/24", NULL, "the subnet is 192.168.15.0/24" },
	{ LC_SUBNET, "fd00::1/64", NULL, "the subnet is fd00::/64" },
	{ LC_SUBNET, "192.168.15.0", NULL, "a subnet has a length" },

	{ LC_DESTINATION, "default", "-/0" },
	{ LC_DESTINATION, "192.168.15.0/24", "192.168.15.0/24" },
	{ LC_DESTINATION, "192.168.15.7", "192.168.15.7/32 bare" },
	{ LC_DESTINATION, "192.168.15.1/24", NULL, "the subnet is" },
	{ LC_DESTINATION, "defualt", NULL, "is not a destination" },
	{ LC_DESTINATION, "192.168.15.300", NULL, "300 is over 255" },

	{ LC_MAC, "02:00:00:00:00:01", "02:00:00:00:00:01" },
	{ LC_MAC, "AB:cd:EF:00:11:22", "ab:cd:ef:00:11:22" },
	{ LC_MAC, "02:00:00:00:00:1", NULL, "is not a MAC" },
	{ LC_MAC, "02-00-00-00-00-01", NULL, "is not a MAC" },
	{ LC_MAC, "02:00:00:00:00:01:02", NULL, "too long" },
	{ LC_MAC, "02:00:00:00:00:0g", NULL, "is not a MAC" },
	{ LC_MAC, "", NULL, "is not a MAC" },
	{ LC_MAC_OF, "02:00:00:00:00:01", "02:00:00:00:00:01" },
	{ LC_MAC_OF, "c2:eth0", "00:00:00:00:00:00 c2 eth0" },
	{ LC_MAC_OF, "c2", NULL, "is not a MAC" },

	{ LC_PORT, "65535", "65535" },
	{ LC_PORT, "65536", NULL, "at most 65535" },
	{ LC_PORT, "0", NULL, "too small" },
	{ LC_MAC_OR_RANDOM, "random", "random" },
	{ LC_MAC_OR_RANDOM, "02:00:00:00:00:01", "02:00:00:00:00:01" },
	{ LC_MAC_OR_RANDOM, "Random", NULL, "is not a MAC" },

	{ LC_PUBLISH, "8080:80", "- 8080-8080 80-80/6" },
	{ LC_PUBLISH, "80", "- 0-0 80-80/6" },
	{ LC_PUBLISH, "80-90/udp", "- 0-0 80-90/17" },
	{ LC_PUBLISH, "8000-8010:80/TCP", "- 8000-8010 80-80/6" },
	{ LC_PUBLISH, "10000-20000:10000-20000/udp",
	  "- 10000-20000 10000-20000/17" },
	{ LC_PUBLISH, "127.0.0.1:9001:80", "127.0.0.1 9001-9001 80-80/6" },
	{ LC_PUBLISH, "127.0.0.1::80", "127.0.0.1 0-0 80-80/6" },
	{ LC_PUBLISH, "0.0.0.0:1:65535", "0.0.0.0 1-1 65535-65535/6" },
	{ LC_PUBLISH, "[::1]:8080:80", "::1 8080-8080 80-80/6" },
	{ LC_PUBLISH, "[fd00::1]::80/udp", "fd00::1 0-0 80-80/17" },
	{ LC_PUBLISH, "", NULL, "no port of the container" },
	{ LC_PUBLISH, "8080:", NULL, "no port of the container" },
	{ LC_PUBLISH, ":80", NULL, "no port of the host" },
	{ LC_PUBLISH, ":8080:80", NULL, "nothing before its first colon" },
	{ LC_PUBLISH, "127.0.0.1:80:", NULL, "no port of the container" },
	{ LC_PUBLISH, "127.0.0.1:80", NULL, "'::80' or ':8080:80'" },
	{ LC_PUBLISH, "localhost:8080:80", NULL, "is not an address" },
	{ LC_PUBLISH, "::1:8080:80", NULL, "stands in brackets" },
	{ LC_PUBLISH, "[::1]:80", NULL, "'::80' or ':8080:80'" },
	{ LC_PUBLISH, "[::1]8080:80", NULL, "'::80' or ':8080:80'" },
	{ LC_PUBLISH, "[127.0.0.1]:8080:80", NULL, "for IPv6" },
	{ LC_PUBLISH, "[::x]:8080:80", NULL, "is not an IPv6 address" },
	{ LC_PUBLISH, "http:80", NULL, "invalid port of the host: 'http'" },
	{ LC_PUBLISH, "80:http", NULL,
	  "invalid port of the container: 'http'" },
	{ LC_PUBLISH, "0:80", NULL, "invalid port of the host" },
	{ LC_PUBLISH, "80:65536", NULL, "invalid port of the container" },
	{ LC_PUBLISH, "80:90-80", NULL, "invalid port of the container" },
	{ LC_PUBLISH, "80:80/sctp", NULL, "invalid proto: 'sctp'" },
	{ LC_PUBLISH, "80:80/", NULL, "invalid proto: ''" },
	{ LC_PUBLISH, "8000-8002:80-81", NULL,
	  "invalid ranges specified for container and host ports" },
	{ LC_PUBLISH, "8000:80-81", NULL,
	  "80-81 is not as wide as 8000-8000" },

	{ LC_PORTS, "80", "80-80" },
	{ LC_PORTS, "8000-8010", "8000-8010" },
	{ LC_PORTS, "8010-8000", NULL, "begins with the lower" },
	{ LC_PORTS, "0-10", NULL, "ports are 1 to 65535" },
	{ LC_PORTS, "1-65536", NULL, "ports are 1 to 65535" },
	{ LC_PORTS, "80-", NULL, "is not a port" },
	{ LC_PORTS, "http", NULL, "is not a port" },

	{ LC_TABLE, "main", "254" },
	{ LC_TABLE, "100", "100" },
	{ LC_TABLE, "0", NULL, "too small" },
	{ LC_TABLE, "mian", NULL, "is not a routing table" },

	{ LC_COMPARISON, "3", "0 3" },
	{ LC_COMPARISON, ">=1", "1 1" },
	{ LC_COMPARISON, "<= 10", "2 10" },
	{ LC_COMPARISON, ">0", "3 0" },
	{ LC_COMPARISON, "<5", "4 5" },
	{ LC_COMPARISON, "!=2", "5 2" },
	{ LC_COMPARISON, "=>1", NULL, "is not a number or a comparison" },
	{ LC_COMPARISON, "", NULL, "is not a number or a comparison" },

	{ LC_REGEX, "^a[0-9]{1,3}$", "" },
	{ LC_REGEX, "(", NULL, "is not a regular expression" },
	{ LC_REGEX, "((((a{255}){255}){255}){255})", NULL, "too often" },
	{ LC_REGEX, "a{1001}", NULL, "too often" },

	{ LC_NODE, "blue", "blue" },
	{ LC_NODE, "blue:eth0", NULL, "is not a name" },
	{ LC_PATTERN, "c*", "c*" },
	{ LC_PATTERN, "c1", "c1" },
	{ LC_PATTERN, "c[1-5]", "c[1-5]" },
	{ LC_PATTERN, "c*/x", NULL, "is not a pattern" },
	{ LC_INTERFACE, "red:eth0", "red eth0" },
	{ LC_INTERFACE, "red", NULL, "node:interface" },
	{ LC_INTERFACE, ":eth0", NULL, "a name is missing" },
	{ LC_INTERFACE, "red:", NULL, "is not an interface" },
	{ LC_INTERFACE, "red:eth0:1", NULL, "is not an interface" },
	{ LC_PLACE, "red", "red" },
	{ LC_PLACE, "red:eth0", "red eth0" },
	{ LC_TARGET, "10.0.0.1", "1 10.0.0.1" },
	{ LC_TARGET, "fd00::1", "1 fd00::1" },
	{ LC_TARGET, "a:b:c", NULL, "is not an IPv6 address" },
	{ LC_TARGET, "blue", "2 - blue" },
	{ LC_TARGET, "blue:eth0", "3 - blue eth0" },
	{ LC_TARGET, "name:u5", "4 - u5" },
	{ LC_TARGET, "name:", NULL, "a host's name" },
	{ LC_TARGET, "192.168.1.300", NULL, "300 is over 255" },
	{ LC_TARGET, "192.168.1.0/24", NULL, "without a length" },
	{ LC_NODE_NETWORK, "none", "" },
	{ LC_NODE_NETWORK, "host", "" },
	{ LC_NODE_NETWORK, "my-net", "" },
	{ LC_NODE_NETWORK, "container:u4", "u4" },
	{ LC_NODE_NETWORK, "container:", NULL, "missing" },

	{ LC_SYSCTL, "net.ipv4.ip_forward=1", "" },
	{ LC_SYSCTL, "net.ipv4.ping_group_range=0 100", "" },
	{ LC_SYSCTL, "net/ipv4/conf/eth0.100/forwarding=1", "" },
	{ LC_SYSCTL, "net.ipv4.ip_forward", NULL, "is not a setting" },
	{ LC_SYSCTL, "net.ipv4.ip_forward=", NULL, "is not a setting" },
	{ LC_SYSCTL, "kernel.panic=1", NULL, "under net." },
	{ LC_SYSCTL, "net/../kernel/panic=1", NULL, "not the name" },
	{ LC_SYSCTL, "=1", NULL, "not the name" },
	{ LC_NETNS, "/proc/4242/ns/net", "" },
	{ LC_NETNS, "red", "" },
	{ LC_NETNS, "pid:42", "42" },
	{ LC_NETNS, "docker:u1", "u1" },
	{ LC_NETNS, "pid:x", NULL, "pid:4242" },
	{ LC_NETNS, "../x", NULL, "names no namespace" },
	{ LC_REQUIRES, "nftables", "" },
	{ LC_REQUIRES, "nftable", NULL, "did you mean 'nftables'?" },
};
/* clang-format on */

static void show_address(const struct row *row, const struct lc_value *v,
			 FILE *out)
{
	char text[PREFIX_TEXT_SIZE];

	if (row->type == LC_ADDRESS)
		fputs(ip_format(&v->ip, text), out);
	else
		fprintf(out, "%s/%u%s", ip_format(&v->ip, text), v->length,
			v->bare ? " bare" : "");
}

static void show(const struct row *row, const struct lc_value *v, FILE *out)
{
	char text[PREFIX_TEXT_SIZE];

	switch ((int)row->type) {
	case LC_NUMBER:
	case LC_DURATION:
	case LC_PERCENT:
	case LC_RATE:
	case LC_PORT:
	case LC_TABLE:
		fprintf(out, "%llu", (unsigned long long)v->number);
		break;
	case LC_BOOL:
		fprintf(out, "%d", v->flag);
		break;
	case LC_CHOICE:
		fprintf(out, "%d", v->choice);
		break;
	case LC_ADDRESS:
	case LC_PREFIX:
	case LC_SUBNET:
	case LC_DESTINATION:
		show_address(row, v, out);
		break;
	case LC_MAC:
	case LC_MAC_OF:
		fputs(mac_format(v->mac, text), out);
		break;
	case LC_MAC_OR_RANDOM:
		fputs(v->is_random ? "random" : mac_format(v->mac, text), out);
		break;
	case LC_PUBLISH:
		fprintf(out, "%s %u-%u %u-%u/%u",
			ip_format(&v->publish->on, text), v->publish->host_first,
			v->publish->host_last, v->publish->first,
			v->publish->last, v->publish->protocol);
		break;
	case LC_PORTS:
		fprintf(out, "%u-%u", v->first, v->last);
		break;
	case LC_COMPARISON:
		fprintf(out, "%d %llu", v->relation,
			(unsigned long long)v->than);
		break;
	case LC_TARGET:
		fprintf(out, "%d %s", v->kind, ip_format(&v->ip, text));
		break;
	case LC_NETNS:
		if (!strncmp(row->text, "pid:", 4))
			fprintf(out, "%llu", (unsigned long long)v->number);
		break;
	}
	if (v->node)
		fprintf(out, "%s%s", ftell(out) ? " " : "", v->node);
	if (v->interface)
		fprintf(out, " %s", v->interface);
}

static void check_row(const struct row *row, struct arena *arena)
{
	const struct lc_field field = { .key = "k", .type = row->type,
					.words = words };
	struct lc_value value = { .at = { 3, 4 } };
	struct lc_err err = { "" };
	char meaning[256] = "";
	FILE *out;
	int r;

	r = value_parse(&field, arena, row->text, &value, &err);
	if (!row->meaning) {
		if (r == 0 || !strstr(err.text, row->reason))
			fail_msg("type %d '%s': %s", row->type, row->text,
				 r ? err.text : "passed");
		assert_null(value.text);
		return;
	}
	if (r < 0)
		fail_msg("type %d '%s': %s", row->type, row->text, err.text);
	out = fmemopen(meaning, sizeof(meaning), "w");
	show(row, &value, out);
	fclose(out);
	if (strcmp(meaning, row->meaning))
		fail_msg("type %d '%s': '%s', not '%s'", row->type, row->text,
			 meaning, row->meaning);
	assert_ptr_equal(value.text, row->text);
	assert_int_equal(value.at.line, 3);
	assert_int_equal(value.at.column, 4);
}

static void test_values(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&rows[i], arena);
	arena_free(arena);
}

static void test_bounds(void **state)
{
	const struct lc_field field = { .key = "k", .type = LC_NUMBER,
					.min = 68, .max = 65535 };
	struct lc_value value = { 0 };
	struct lc_err err;

	(void)state;
	assert_int_equal(value_parse(&field, NULL, "68", &value, &err), 0);
	assert_int_equal(value_parse(&field, NULL, "65535", &value, &err), 0);
	assert_true(value_parse(&field, NULL, "67", &value, &err) < 0);
	assert_string_equal(err.text, "67 is too small: at least 68");
	assert_true(value_parse(&field, NULL, "65536", &value, &err) < 0);
	assert_string_equal(err.text, "65536 is too large: at most 65535");
}

/* A list's type is that of its items */
static void test_list(void **state)
{
	const struct lc_field field = { .key = "k", .type = LC_LIST,
					.item = LC_PORT };
	struct lc_value value = { 0 };

	(void)state;
	assert_int_equal(value_parse(&field, NULL, "80", &value, NULL), 0);
	assert_int_equal(value.number, 80);
	assert_true(value_parse(&field, NULL, "x", &value, NULL) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
