// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules_test.c - the rules that networks leave on their host, in their order
 *
 * As `iptables-save` showed them on hosts with the Docker that is modelled.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/plan.h"
#include "scenario/problems.h"
#include "scenario/rule_text.h"
#include "scenario/script_rule.h"

/** struct ruled - A scenario, and what a node of it must then have */
struct ruled {
	const char *text;
	const char *node;
	const char *expected;		/* whole tables, or one chain's rules */
	const char *table;		/* NULL: all tables as they are loaded */
	const char *chain;
};

#define FILTER_HEAD(policy)						\
	"*filter\n:INPUT ACCEPT\n:FORWARD " policy "\n:OUTPUT ACCEPT\n"	\
	":DOCKER -\n:DOCKER-ISOLATION-STAGE-1 -\n"			\
	":DOCKER-ISOLATION-STAGE-2 -\n:DOCKER-USER -\n"			\
	"-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-ISOLATION-STAGE-1\n"
#define FILTER_TAIL(one, two)						\
	one "-A DOCKER-ISOLATION-STAGE-1 -j RETURN\n"			\
	two "-A DOCKER-ISOLATION-STAGE-2 -j RETURN\n"			\
	"-A DOCKER-USER -j RETURN\nCOMMIT\n"
#define NAT_HEAD							\
	"*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n"	\
	":POSTROUTING ACCEPT\n:DOCKER -\n"				\
	"-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n"
#define NAT_OUTPUT							\
	"-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER\n"
#define OPEN(br)							\
	"-A FORWARD -o " br " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n" \
	"-A FORWARD -o " br " -j DOCKER\n"				\
	"-A FORWARD -i " br " ! -o " br " -j ACCEPT\n"
#define ICC(br)	"-A FORWARD -i " br " -o " br " -j ACCEPT\n"
#define ONE(br)								\
	"-A DOCKER-ISOLATION-STAGE-1 -i " br " ! -o " br		\
	" -j DOCKER-ISOLATION-STAGE-2\n"
#define TWO(br)	"-A DOCKER-ISOLATION-STAGE-2 -o " br " -j DROP\n"

#define WEB(publish, docker)						\
	"networks: [{name: a, subnet: 10.10.0.0/24}]\n"			\
	"nodes:\n"							\
	"  - name: host\n"						\
	"    interfaces: [{name: d, kind: dummy, addresses: [192.168.1.2/24]}]\n" \
	"    " docker "\n"						\
	"  - {name: web, network: a, publish: " publish "}\n"

static const struct ruled cases[] = {
	/* What the daemon itself makes, with a network of its own and without */
	{ "nodes: [{name: u1, network: bridge}]\n", "host",
	  FILTER_HEAD("DROP") OPEN("docker0") ICC("docker0")
	  FILTER_TAIL(ONE("docker0"), TWO("docker0"))
	  NAT_HEAD NAT_OUTPUT
	  "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n"
	  "-A DOCKER -i docker0 -j RETURN\nCOMMIT\n" },
	{ "nodes: [{name: host, docker: {ip_forward_before: true}}]\n", "host",
	  FILTER_HEAD("ACCEPT") FILTER_TAIL("", "")
	  NAT_HEAD NAT_OUTPUT "COMMIT\n" },
	/* The newest bridge first; `bridge` is the oldest, wherever it stands */
	{ "networks: [{name: a}, {name: b}]\n"
	  "nodes: [{name: u1, network: bridge}]\n", "host",
	  FILTER_HEAD("DROP")
	  OPEN("br-b") ICC("br-b") OPEN("br-a") ICC("br-a")
	  OPEN("docker0") ICC("docker0")
	  FILTER_TAIL(ONE("br-b") ONE("br-a") ONE("docker0"),
		      TWO("br-b") TWO("br-a") TWO("docker0"))
	  NAT_HEAD NAT_OUTPUT
	  "-A POSTROUTING -s 172.19.0.0/16 ! -o br-b -j MASQUERADE\n"
	  "-A POSTROUTING -s 172.18.0.0/16 ! -o br-a -j MASQUERADE\n"
	  "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n"
	  "-A DOCKER -i br-b -j RETURN\n-A DOCKER -i br-a -j RETURN\n"
	  "-A DOCKER -i docker0 -j RETURN\nCOMMIT\n" },
	/* What forbids is appended, so it stands behind what lets in */
	{ "networks: [{name: a, icc: false}, {name: b}, {name: c, icc: false}]\n",
	  "host",
	  "-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-ISOLATION-STAGE-1\n"
	  OPEN("br-c") OPEN("br-b") ICC("br-b") OPEN("br-a")
	  "-A FORWARD -i br-a -o br-a -j DROP\n"
	  "-A FORWARD -i br-c -o br-c -j DROP\n", "filter", "FORWARD" },
	{ "nodes: [{name: host, docker: {icc: false}},\n"
	  "        {name: u1, network: bridge}]\n", "host",
	  "-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-ISOLATION-STAGE-1\n"
	  OPEN("docker0") "-A FORWARD -i docker0 -o docker0 -j DROP\n",
	  "filter", "FORWARD" },
	/* An internal network has neither NAT nor a place in stage 2 */
	{ "networks: [{name: a, internal: true, subnet: 10.1.0.0/16},\n"
	  "           {name: b, internal: true, icc: false}]\n", "host",
	  FILTER_HEAD("DROP") ICC("br-a")
	  "-A FORWARD -i br-b -o br-b -j DROP\n"
	  FILTER_TAIL("-A DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o br-b -j DROP\n"
		      "-A DOCKER-ISOLATION-STAGE-1 ! -d 172.18.0.0/16 -i br-b -j DROP\n"
		      "-A DOCKER-ISOLATION-STAGE-1 ! -s 10.1.0.0/16 -o br-a -j DROP\n"
		      "-A DOCKER-ISOLATION-STAGE-1 ! -d 10.1.0.0/16 -i br-a -j DROP\n",
		      "")
	  NAT_HEAD NAT_OUTPUT "COMMIT\n" },
	/* Who does not masquerade leaves the rules of ports to all */
	{ "networks: [{name: a, masquerade: false}]\n", "host", "", "nat",
	  "POSTROUTING" },
	{ "networks: [{name: a, masquerade: false}]\n", "host", "", "nat",
	  "DOCKER" },
	/* Each host has the rules of its own networks */
	{ "networks: [{name: a, on: h1}, {name: b, on: h2}]\n"
	  "nodes: [{name: h1, docker: {userland_proxy: false}}, {name: h2}]\n",
	  "h1",
	  FILTER_HEAD("DROP") OPEN("br-a") ICC("br-a")
	  FILTER_TAIL(ONE("br-a"), TWO("br-a"))
	  NAT_HEAD "-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER\n"
	  "-A POSTROUTING -o br-a -m addrtype --src-type LOCAL -j MASQUERADE\n"
	  "-A POSTROUTING -s 172.18.0.0/16 ! -o br-a -j MASQUERADE\nCOMMIT\n" },
	{ "nodes: [{name: host}]\n", "host", "" },
	/* Published ports: one rule each, also for ten thousand; what is the
	 * same for two of them is there once */
	{ WEB("[\"8080:80\", \"127.0.0.1:9001:80\", \"192.168.1.2:9002:80\"]",
	      ""), "host",
	  "-A DOCKER -i br-a -j RETURN\n"
	  "-A DOCKER -d 192.168.1.2/32 ! -i br-a -p tcp -m tcp --dport 9002 -j DNAT --to-destination 10.10.0.2:80\n"
	  "-A DOCKER -d 127.0.0.1/32 ! -i br-a -p tcp -m tcp --dport 9001 -j DNAT --to-destination 10.10.0.2:80\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.10.0.2:80\n",
	  "nat", "DOCKER" },
	{ WEB("[\"8080:80\", \"127.0.0.1:9001:80\"]", ""), "host",
	  "-A DOCKER -d 10.10.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 80 -j ACCEPT\n",
	  "filter", "DOCKER" },
	{ WEB("[\"8080:80\", \"127.0.0.1:9001:80\"]", ""), "host",
	  "-A POSTROUTING -s 10.10.0.0/24 ! -o br-a -j MASQUERADE\n"
	  "-A POSTROUTING -s 10.10.0.2/32 -d 10.10.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE\n",
	  "nat", "POSTROUTING" },
	{ WEB("[\"10000-20000:10000-20000/udp\", \"5000-5002:6000-6002/udp\"]",
	      "docker: {userland_proxy: false}"), "host",
	  "-A DOCKER -p udp -m udp --dport 10000:20000 -j DNAT --to-destination 10.10.0.2\n"
	  "-A DOCKER -p udp -m udp --dport 5000:5002 -j DNAT --to-destination 10.10.0.2:6000-6002/5000\n",
	  "nat", "DOCKER" },
	/* Ports that nobody names, the container's highest first; and what is the
	 * proxy's alone */
	{ WEB("[\"80\", \"81/udp\", \"32769:82\", \"83-84\", \"127.0.0.1::85\", \"9000-9009:86\", \"9000:87\"]",
	      ""), "host",
	  "-A DOCKER -i br-a -j RETURN\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 9000 -j DNAT --to-destination 10.10.0.2:87\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 9001 -j DNAT --to-destination 10.10.0.2:86\n"
	  "-A DOCKER -d 127.0.0.1/32 ! -i br-a -p tcp -m tcp --dport 32768 -j DNAT --to-destination 10.10.0.2:85\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 32770 -j DNAT --to-destination 10.10.0.2:84\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 32771 -j DNAT --to-destination 10.10.0.2:83\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 32769 -j DNAT --to-destination 10.10.0.2:82\n"
	  "-A DOCKER ! -i br-a -p udp -m udp --dport 32768 -j DNAT --to-destination 10.10.0.2:81\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 32772 -j DNAT --to-destination 10.10.0.2:80\n",
	  "nat", "DOCKER" },
	{ WEB("[\"[::1]:8080:80\", \"0.0.0.0:81:81\"]", ""), "host",
	  "-A DOCKER -i br-a -j RETURN\n"
	  "-A DOCKER ! -i br-a -p tcp -m tcp --dport 81 -j DNAT --to-destination 10.10.0.2:81\n",
	  "nat", "DOCKER" },
	/* Of several networks the one with the default route publishes; where
	 * Docker publishes nothing, there is no rule */
	{ "networks: [{name: b}, {name: a}, {name: aa, internal: true}]\n"
	  "nodes:\n"
	  "  - {name: w, networks: [{name: b}, {name: a}], publish: [\"80:80\"]}\n"
	  "  - {name: v, network: aa, publish: [\"81:81\"]}\n"
	  "  - {name: u, network: none, publish: [\"82:82\"]}\n"
	  "  - {name: t, network: host, publish: [\"83:83\"]}\n", "host",
	  "-A DOCKER -d 172.19.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 80 -j ACCEPT\n",
	  "filter", "DOCKER" },
	/* Neighbours of a range are not in it */
	{ WEB("[\"63:63\", \"64-127:64-127\", \"128:128\"]", ""), "host",
	  "-A DOCKER -d 10.10.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 128 -j ACCEPT\n"
	  "-A DOCKER -d 10.10.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 64:127 -j ACCEPT\n"
	  "-A DOCKER -d 10.10.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 63 -j ACCEPT\n",
	  "filter", "DOCKER" },
	/* A container of an overlay is published by its host's docker_gwbridge */
	{ "networks: [{name: o, driver: overlay}]\n"
	  "nodes:\n"
	  "  - {name: h1, interfaces: [{name: eth0, addresses: [10.9.0.1/24]}]}\n"
	  "  - {name: h2, interfaces: [{name: eth0, addresses: [10.9.0.2/24]}]}\n"
	  "  - {name: w, network: o, on: h2, publish: [\"80\", \"8080:81\"]}\n"
	  "links: [{endpoints: [\"h1:eth0\", \"h2:eth0\"]}]\n", "h2",
	  "-A DOCKER -i docker_gwbridge -j RETURN\n"
	  "-A DOCKER ! -i docker_gwbridge -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.3:81\n"
	  "-A DOCKER ! -i docker_gwbridge -p tcp -m tcp --dport 32768 -j DNAT --to-destination 172.18.0.3:80\n",
	  "nat", "DOCKER" },
	/* Docker 28 lets nobody in but by a published port */
	{ WEB("[\"8080:80\"]", "docker: {version: 28}"), "host",
	  "-A DOCKER -d 10.10.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 80 -j ACCEPT\n"
	  "-A DOCKER ! -i br-a -o br-a -j DROP\n", "filter", "DOCKER" },
	{ WEB("[\"8080:80\"]", "docker: {version: 28}"), "host",
	  "-A PREROUTING -d 10.10.0.2/32 ! -i br-a -j DROP\n", "raw",
	  "PREROUTING" },
	{ WEB("[\"8080:80\"]", "docker: {version: 28}"), "host",
	  "-A POSTROUTING -s 10.10.0.0/24 ! -o br-a -j MASQUERADE\n",
	  "nat", "POSTROUTING" },
};

static enum rule_table table_of(const char *name)
{
	if (!strcmp(name, "nat"))
		return RULE_NAT;
	return strcmp(name, "raw") ? RULE_FILTER : RULE_RAW;
}

/* The rules of one chain, or what loads them all, without the command */
static char *shown(const struct plan_node *node, const struct ruled *c)
{
	char *text = NULL, *body, *end;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);

	if (!c->table)
		script_rules(node, out);
	for (i = 0; c->table && i < node->rule_count; i++) {
		if (node->rules[i].table != table_of(c->table) ||
		    strcmp(node->rules[i].chain, c->chain))
			continue;
		rule_write(out, &node->rules[i]);
		putc('\n', out);
	}
	fclose(out);
	body = strstr(text, "<<'EOF'\n");
	if (c->table || !body)
		return text;
	body = strdup(body + strlen("<<'EOF'\n"));
	free(text);
	end = strstr(body, "EOF\n");
	assert_non_null(end);
	*end = '\0';
	return body;
}

static void test_rules(void **state)
{
	static const struct lc_check *const checks[] = { NULL };
	struct lc_problems problems;
	struct loaded loaded = { 0 };
	struct lc_err err;
	struct plan plan;
	size_t i, wrong = 0;
	char *text;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct source source = {
			.path = strdup("test.yaml"),
			.text = strdup(cases[i].text),
			.length = strlen(cases[i].text),
		};

		problems_init(&problems);
		load_source(&loaded, &source, checks, &problems, &err);
		assert_non_null(loaded.scenario);
		plan_make(&plan, loaded.scenario, &problems);
		assert_int_equal(problems.errors, 0);
		text = shown(&plan.nodes[plan_node_find(&plan, cases[i].node)],
			     &cases[i]);
		if (strcmp(text, cases[i].expected) != 0) {
			print_error("of\n%s%s has\n%snot\n%s", cases[i].text,
				    cases[i].node, text, cases[i].expected);
			wrong++;
		}
		free(text);
		plan_done(&plan);
		problems_done(&problems);
		loaded_done(&loaded);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
