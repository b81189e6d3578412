// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rule_text_test.c - chains and rules in the words of iptables
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/plan.h"
#include "scenario/rule_text.h"

#define V4(a, b, c, d)	{ .family = AF_INET, .bytes = { a, b, c, d } }

static const struct {
	struct plan_rule rule;
	const char *text;
} rules[] = {
	{ { .table = RULE_NAT, .chain = "POSTROUTING",
	    .source = { V4(172, 17, 0, 0), 16 },
	    .out = "docker0", .out_not = true, .verdict = RULE_MASQUERADE },
	  "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 "
	  "-j MASQUERADE" },
	{ { .chain = "FORWARD", .out = "docker0", .established = true,
	    .verdict = RULE_ACCEPT },
	  "iptables -A FORWARD -o docker0 -m conntrack "
	  "--ctstate RELATED,ESTABLISHED -j ACCEPT" },
	{ { .chain = "FORWARD", .in = "br0", .in_not = true, .out = "br$1",
	    .verdict = RULE_DROP },
	  "iptables -A FORWARD ! -i br0 -o 'br$1' -j DROP" },
	{ { .chain = "DOCKER", .source = { V4(10, 9, 8, 7), 8, true },
	    .destination = { V4(0, 0, 0, 0), 0 }, .protocol = 47,
	    .verdict = RULE_RETURN },
	  "iptables -A DOCKER ! -s 10.0.0.0/8 -p 47 -j RETURN" },
	{ { .table = RULE_NAT, .chain = "OUTPUT",
	    .destination = { V4(127, 0, 0, 0), 8, true }, .to_local = true,
	    .verdict = RULE_JUMP, .jump = "DOCKER" },
	  "iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype "
	  "--dst-type LOCAL -j DOCKER" },
	{ { .table = RULE_NAT, .chain = "CNI", .from_local = true,
	    .to_local = true, .protocol = IPPROTO_ICMP,
	    .verdict = RULE_RETURN },
	  "iptables -t nat -A CNI -p icmp -m addrtype --src-type LOCAL "
	  "--dst-type LOCAL -j RETURN" },
	{ { .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	    .in = "docker0", .in_not = true, .first = 8080, .last = 8080,
	    .verdict = RULE_DNAT, .to = V4(172, 17, 0, 2), .to_first = 80,
	    .to_last = 80 },
	  "iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 "
	  "-j DNAT --to-destination 172.17.0.2:80" },
	{ { .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_UDP,
	    .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	    .to = V4(172, 17, 0, 2), .to_first = 9000, .to_last = 9010 },
	  "iptables -t nat -A DOCKER -p udp -m udp --dport 8000:8010 "
	  "-j DNAT --to-destination 172.17.0.2:9000-9010/8000" },
	{ { .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_SCTP,
	    .first = 80, .verdict = RULE_DNAT, .to_first = 500,
	    .to_last = 700 },
	  "iptables -t nat -A DOCKER -p sctp -m sctp --dport 80 "
	  "-j DNAT --to-destination :500-700" },
	{ { .table = RULE_NAT, .chain = "DOCKER_POSTROUTING",
	    .source = { V4(127, 0, 0, 11), 32 }, .protocol = IPPROTO_UDP,
	    .first_source = 48231, .verdict = RULE_SNAT, .to_first = 53,
	    .to_last = 53 },
	  "iptables -t nat -A DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp "
	  "-m udp --sport 48231 -j SNAT --to-source :53" },
	{ { .table = RULE_RAW, .chain = "PREROUTING",
	    .destination = { V4(172, 17, 0, 2), 32 }, .verdict = RULE_DROP },
	  "iptables -t raw -A PREROUTING -d 172.17.0.2/32 -j DROP" },
};

static const struct {
	struct plan_chain chain;
	const char *text;
} chains[] = {
	{ { RULE_FILTER, "FORWARD", RULE_DROP }, "iptables -P FORWARD DROP" },
	{ { RULE_FILTER, "INPUT", RULE_ACCEPT }, "iptables -P INPUT ACCEPT" },
	{ { RULE_NAT, "DOCKER", -1 }, "iptables -t nat -N DOCKER" },
};

static void test_rules(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		assert_string_equal(rule_text(&rules[i].rule, text,
					      sizeof(text)), rules[i].text);
}

static void test_chains(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(chains) / sizeof(*chains); i++)
		assert_string_equal(chain_text(&chains[i].chain, text,
					       sizeof(text)), chains[i].text);
}

/* What iptables-restore reads has names as they are */
static void test_plain(void **state)
{
	const struct plan_rule rule = {
		.chain = "FORWARD", .in = "br$0", .verdict = RULE_JUMP,
		.jump = "a*",
	};
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(out);
	rule_write(out, &rule);
	fclose(out);
	assert_string_equal(text, "-A FORWARD -i br$0 -j a*");
	assert_string_equal(rule_text(&rule, text, sizeof(text)),
			    "iptables -A FORWARD -i 'br$0' -j 'a*'");
}

static void test_cut(void **state)
{
	char text[16];

	(void)state;
	assert_string_equal(rule_text(&rules[0].rule, text, sizeof(text)),
			    "iptables -t nat");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("rule_text", tests, NULL, NULL);
}
