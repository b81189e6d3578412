// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_test.c - which ways there are to break a lab
 *
 * What each of them changes is for mutant_change_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mutant_lab.h"
#include "scenario/arena.h"
#include "scenario/excuse.h"

#define PAIR								\
	"nodes:\n"							\
	"  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]}\n" \
	"  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}\n" \
	"links: [{endpoints: [\"red:eth0\", \"blue:eth0\"]"

#define DOCKER "nodes: [{name: host}, {name: u1, network: net"

/* clang-format off */
static const struct words_case {
	const char *text;
	const char *words;		/* a line for each */
} words_cases[] = {
	{ "nodes: [{name: red}]\n", "" },
	{ PAIR "}]\n",
	  "red:eth0 is down\nred:eth0 lacks 10.0.0.1/24\n"
	  "red:eth0 has 10.0.0.254/24, not 10.0.0.1/24\n"
	  "red:eth0 has 10.0.0.1/32, not /24\n"
	  "blue:eth0 is down\nblue:eth0 lacks 10.0.0.2/24\n"
	  "blue:eth0 has 10.0.0.254/24, not 10.0.0.2/24\n"
	  "blue:eth0 has 10.0.0.2/32, not /24\n" },
	/* Of two in a subnet of two there is no other one */
	{ "nodes:\n"
	  "  - {name: red, interfaces: [{name: eth0, kind: dummy, addresses: [10.0.0.0/31]}]}\n",
	  "red:eth0 is down\nred:eth0 lacks 10.0.0.0/31\n"
	  "red:eth0 has 10.0.0.254/31, not 10.0.0.0/31\n" },
	/* What a link says is one thing, though there are two ends */
	{ PAIR ", mtu: 1400, delay: 1ms, loss: 1%, rate: 1mbit}]\n",
	  "red:eth0 is down\n"
	  "red:eth0 has the kernel's MTU\n"
	  "the link of red:eth0 has no delay\n"
	  "the link of red:eth0 loses nothing\n"
	  "the link of red:eth0 has no limit of rate\n"
	  "red:eth0 lacks 10.0.0.1/24\n"
	  "red:eth0 has 10.0.0.254/24, not 10.0.0.1/24\n"
	  "red:eth0 has 10.0.0.1/32, not /24\n"
	  "blue:eth0 is down\nblue:eth0 lacks 10.0.0.2/24\n"
	  "blue:eth0 has 10.0.0.254/24, not 10.0.0.2/24\n"
	  "blue:eth0 has 10.0.0.2/32, not /24\n" },
	/* An MTU that is the kernel's own */
	{ "nodes: [{name: red, interfaces: [{name: eth0, kind: dummy, mtu: 1500}]}]\n",
	  "red:eth0 is down\n" },
	/* Its own settings, and none of labcheck's */
	{ "nodes: [{name: red, forward: true, sysctls: [net.ipv4.conf.all.rp_filter=1]}]\n",
	  "red does not forward\nred has net/ipv4/conf/all/rp_filter=0\n" },
	/* A rule set has one for each rule, and a policy that drops is one */
	{ "nodes:\n  - name: red\n    nftables: |\n"
	  "      table ip t {\n"
	  "        # not this\n"
	  "        set s { type ipv4_addr; elements = { 10.0.0.1 } }\n"
	  "        chain c {\n"
	  "          type filter hook input priority 0; policy drop\n"
	  "          tcp dport { 80, 443 }   accept\n"
	  "          udp dport 53 accept; counter comment \"} ;\"\n"
	  "        }\n"
	  "      }\n"
	  "      add rule ip t c accept\n",
	  "red lacks the rule 'policy drop'\n"
	  "red lacks the rule 'tcp dport { 80, 443 } accept'\n"
	  "red lacks the rule 'udp dport 53 accept'\n"
	  "red lacks the rule 'counter comment \"} ;\"'\n"
	  "red lacks the rule 'add rule ip t c accept'\n" },
	/* NAT to somebody else, and a packet that is lost: not what is quoted, nor
	 * what only nft can read */
	{ "nodes:\n  - name: red\n    nftables: |\n"
	  "      table inet t {\n"
	  "        chain c {\n"
	  "          dnat ip to 10.0.0.1:80\n"
	  "          dnat ip6 to [fd00::1]:65535\n"
	  "          snat to 10.0.0.1\n"
	  "          redirect to :81\n"
	  "          dnat ip to tcp dport map @m\n"
	  "          snat to 10.0.0.1-10.0.0.9\n"
	  "          reject with tcp reset\n"
	  "          comment \" reject dnat to 10.0.0.3 \" accept\n"
	  "        }\n"
	  "      }\n",
	  "red lacks the rule 'dnat ip to 10.0.0.1:80'\n"
	  "red has 'dnat ip to 10.0.0.254:80' in the rule 'dnat ip to 10.0.0.1:80'\n"
	  "red has 'dnat ip to 10.0.0.1:81' in the rule 'dnat ip to 10.0.0.1:80'\n"
	  "red lacks the rule 'dnat ip6 to [fd00::1]:65535'\n"
	  "red has 'dnat ip6 to [fd00::fe]:65535' in the rule 'dnat ip6 to [fd00::1]:65535'\n"
	  "red has 'dnat ip6 to [fd00::1]:65534' in the rule 'dnat ip6 to [fd00::1]:65535'\n"
	  "red lacks the rule 'snat to 10.0.0.1'\n"
	  "red has 'snat to 10.0.0.254' in the rule 'snat to 10.0.0.1'\n"
	  "red lacks the rule 'redirect to :81'\n"
	  "red has 'redirect to :82' in the rule 'redirect to :81'\n"
	  "red lacks the rule 'dnat ip to tcp dport map @m'\n"
	  "red lacks the rule 'snat to 10.0.0.1-10.0.0.9'\n"
	  "red lacks the rule 'reject with tcp reset'\n"
	  "red has 'drop' in the rule 'reject with tcp reset'\n" },
	/* Of a network what a user has a name for; alone on its host there is
	 * nothing to be kept apart from, and nobody outside */
	{ "networks: [{name: net, subnet: 10.0.0.0/24}]\n"
	  DOCKER ", publish: [\"8080:80\"]}]\n",
	  "host:br-net is down\nhost:br-net lacks 10.0.0.1/24\n"
	  "host:br-net has 10.0.0.254/24, not 10.0.0.1/24\n"
	  "host:br-net has 10.0.0.1/32, not /24\n"
	  "host does not forward\n"
	  "u1:eth0 is down\nu1:eth0 lacks 10.0.0.2/24\n"
	  "u1:eth0 has 10.0.0.254/24, not 10.0.0.2/24\n"
	  "u1:eth0 has 10.0.0.2/32, not /24\n"
	  "u1 lacks the route to default via 10.0.0.1\n"
	  "u1 has the route to default via 10.0.0.254, not 10.0.0.1\n"
	  "host lacks the rule 'iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER'\n"
	  "host lacks the rule 'iptables -t nat -A DOCKER ! -i br-net -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.2:80'\n"
	  "host does not publish 8080/tcp of u1\n"
	  "host's 8080/tcp leads to port 81 of u1\n"
	  "host has no proxy for 8080/tcp\n" },
	/* A container of a later state; the others are there once */
	{ "networks: [{name: net, subnet: 10.0.0.0/24, masquerade: false}]\n"
	  DOCKER "}]\n"
	  "steps: [{create: {name: u2, network: net}}]\n",
	  "host:br-net is down\nhost:br-net lacks 10.0.0.1/24\n"
	  "host:br-net has 10.0.0.254/24, not 10.0.0.1/24\n"
	  "host:br-net has 10.0.0.1/32, not /24\n"
	  "host does not forward\n"
	  "u1:eth0 is down\nu1:eth0 lacks 10.0.0.2/24\n"
	  "u1:eth0 has 10.0.0.254/24, not 10.0.0.2/24\n"
	  "u1:eth0 has 10.0.0.2/32, not /24\n"
	  "u1 lacks the route to default via 10.0.0.1\n"
	  "u1 has the route to default via 10.0.0.254, not 10.0.0.1\n"
	  "u2:eth0 is down\nu2:eth0 lacks 10.0.0.3/24\n"
	  "u2:eth0 has 10.0.0.254/24, not 10.0.0.3/24\n"
	  "u2:eth0 has 10.0.0.3/32, not /24\n"
	  "u2 lacks the route to default via 10.0.0.1\n"
	  "u2 has the route to default via 10.0.0.254, not 10.0.0.1\n"
	  "u2:eth0 has the MAC address of u1:eth0\n" },
};
/* clang-format on */

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words_cases) / sizeof(*words_cases);
	     i++) {
		char words[4096] = "";
		struct lab lab;

		lab_make(&lab, words_cases[i].text);
		for (size_t k = 0; k < lab.mutants.count; k++) {
			strcat(words, lab.mutants.items[k].words);
			strcat(words, "\n");
			assert_int_not_equal(lab.mutants.items[k].at.line, 0);
		}
		lab_unmake(&lab);
		assert_string_equal(words, words_cases[i].words);
	}
}

static void test_excuses(void **state)
{
	static char text[] =
		"# doubt: red:eth0 is down: nobody: asks\n"
		"name: x # doubt: red is no comment of a line\n"
		"  # doubt:  blue has x=1:\r\n"
		"# doubts: are many\n";
	const struct source source = {
		.text = text, .length = sizeof(text) - 1,
	};
	struct arena *arena = arena_new();
	struct excuse *excuses;
	size_t count;

	(void)state;
	excuses_read(arena, &source, &excuses, &count);
	assert_int_equal(count, 2);
	assert_int_equal(excuses[0].line, 1);
	assert_true(excuse_is_for(&excuses[0], "red:eth0 is down"));
	assert_false(excuse_is_for(&excuses[0], "red:eth0 is"));
	assert_int_equal(excuses[1].line, 3);
	/* Without a reason it is none */
	assert_false(excuse_is_for(&excuses[1], "blue has x=1"));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_excuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
