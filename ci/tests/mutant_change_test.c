// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_change_test.c - what each way to break a lab changes of it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "mutant_lab.h"
#include "scenario/script.h"

/* With somebody outside, who has a way in */
#define HOST								\
	"nodes:\n"							\
	"  - {name: host, interfaces: [{name: eth0, addresses: [192.168.1.2/24]}]}\n" \
	"  - {name: lan, interfaces: [{name: eth0, addresses: [192.168.1.3/24]}], routes: [{to: 10.0.0.0/24, via: 192.168.1.2}]}\n"
#define HOST_LINK							\
	"links: [{endpoints: [\"host:eth0\", \"lan:eth0\"]}]\n"

/* What no command makes: names, and programs that listen for Docker */
static void print_daemon(const struct plan *plan, FILE *out)
{
	char ip[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &plan->endpoints[i];

		fprintf(out, "%s is called %s", plan->nodes[e->node].name,
			e->name);
		for (size_t k = 0; k < e->alias_count; k++)
			fprintf(out, ", %s", e->aliases[k]);
		fprintf(out, "%s\n", plan->networks[e->network].dns ? "" : " by nobody");
	}
	for (size_t i = 0; i < plan->published_count; i++) {
		const struct plan_published *p = &plan->published[i];

		if (p->proxy)
			fprintf(out, "proxy %s:%u to %s:%u\n",
				lc_ip_format(&p->on, ip), p->first,
				plan->nodes[p->container].name, p->to_first);
	}
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i].files)
			fprintf(out, "%s: %s", plan->nodes[i].name,
				plan->nodes[i].files->resolv_conf);
}

/* The commands that build a plan, which say all that is in it, and the rest */
static char *script_of(const struct plan *plan)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	script_print(plan, out);
	for (; plan; plan = plan->next)
		print_daemon(plan, out);
	fclose(out);
	return text;
}

#define ROUTER								\
	"nodes:\n"							\
	"  - name: red\n"						\
	"    interfaces: [{name: eth0, addresses: [10.0.0.1/24]}, {name: v, kind: vlan, parent: eth0, vlan: 7}]\n" \
	"    routes: [{to: 10.9.0.0/16, via: 10.0.0.2}, {to: 10.8.0.0/16, via: 10.9.0.1, onlink: true, dev: eth0}]\n" \
	"  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}\n" \
	"links: [{endpoints: [\"red:eth0\", \"blue:eth0\"]}]\n"

#define STATES								\
	"networks: [{name: net, subnet: 10.0.0.0/24}]\n"		\
	HOST "  - {name: u1, network: net, publish: [\"8080:80\"]}\n"	\
	HOST_LINK							\
	"steps: [{create: {name: u2, network: net, publish: [\"81:80\"]}}]\n"

#define ZOO								\
	"nodes:\n"							\
	"  - name: red\n"						\
	"    interfaces:\n"						\
	"      - {name: eth0, addresses: [10.0.0.1/24], mac: \"02:00:00:00:00:01\"}\n" \
	"      - {name: eth1, addresses: [10.0.1.1/24, 10.0.1.7/24]}\n" \
	"      - {name: v, kind: vlan, parent: eth0, vlan: 7}\n"	\
	"      - {name: m1, kind: macvlan, parent: eth0}\n"		\
	"      - {name: m2, kind: macvlan, parent: eth0}\n"		\
	"      - {name: vx, kind: vxlan, vni: 5, remote: 10.0.0.2, port: 4789}\n" \
	"      - {name: off, kind: dummy, state: down}\n"		\
	"      - {name: six, kind: dummy, ipv6: true}\n"		\
	"    routes:\n"							\
	"      - {to: 10.9.0.0/16, via: 10.0.0.2}\n"			\
	"      - {to: 10.7.0.0/16, dev: eth0}\n"			\
	"      - {to: 10.6.0.0/16, via: 10.0.0.2, metric: 10}\n"	\
	"      - {to: 10.6.0.0/16, via: 10.0.1.2, metric: 20}\n"	\
	"      - {to: 10.5.0.0/16, via: 10.0.1.2, source: 10.0.1.7}\n"	\
	"      - {to: 10.4.0.0/16, type: blackhole}\n"			\
	"    neighbors: [{address: 10.0.0.2, mac: \"02:00:00:00:00:09\", dev: eth0}]\n" \
	"  - name: blue\n"						\
	"    interfaces:\n"						\
	"      - {name: eth0, addresses: [10.0.0.2/24]}\n"		\
	"      - {name: eth1, addresses: [10.0.1.2/24]}\n"		\
	"      - {name: far, kind: dummy, addresses: [10.8.0.1/24]}\n"	\
	"links:\n"							\
	"  - {endpoints: [\"red:eth0\", \"blue:eth0\"], delay: 5ms, loss: 2%, rate: 8mbit}\n" \
	"  - {endpoints: [\"red:eth1\", \"blue:eth1\"], mtu: 1400}\n"

#define SWITCH								\
	"nodes:\n"							\
	"  - name: host\n"						\
	"    interfaces:\n"						\
	"      - {name: a, kind: bridge, ports: [p1, p2]}\n"		\
	"      - {name: b, kind: bridge}\n"				\
	"      - {name: p1, isolated: true}\n"				\
	"  - {name: u1, interfaces: [{name: eth0, mac: \"02:00:00:00:00:01\"}]}\n" \
	"  - {name: u2, interfaces: [{name: eth0, mac: \"02:00:00:00:00:02\"}]}\n" \
	"links: [{endpoints: [\"u1:eth0\", \"host:p1\"]}, {endpoints: [\"u2:eth0\", \"host:p2\"]}]\n"

#define NETWORKS							\
	"requires: [iptables, br_netfilter]\n"				\
	"networks:\n"							\
	"  - {name: net, subnet: 10.0.0.0/24, mtu: 1400}\n"		\
	"  - {name: shut, subnet: 10.1.0.0/24, internal: true}\n"	\
	"  - {name: off, subnet: 10.2.0.0/24, icc: false}\n"		\
	HOST								\
	"  - {name: u1, network: net, publish: [\"8080:80\", \"192.168.1.2:82:80\"]}\n" \
	"  - {name: u2, networks: [{name: net, aliases: [db]}]}\n"	\
	"  - {name: s1, network: shut}\n"				\
	"  - {name: o1, network: off}\n"				\
	"  - {name: o2, network: off}\n"				\
	"  - {name: app, network: host}\n"				\
	HOST_LINK							\
	"steps: [{dns: {from: u1, name: u2, address: 10.0.0.3}}]\n"

#define NO_PROXY							\
	"networks: [{name: net, subnet: 10.0.0.0/24}]\n"		\
	"nodes:\n"							\
	"  - {name: host, docker: {userland_proxy: false}}\n"		\
	"  - {name: u1, network: net, publish: [\"8080:80\"]}\n"

#define NEW								\
	"networks: [{name: net, subnet: 10.0.0.0/24}]\n"		\
	"nodes:\n"							\
	"  - {name: host, docker: {version: 28}, interfaces: [{name: eth0, addresses: [192.168.1.2/24]}]}\n" \
	"  - {name: lan, interfaces: [{name: eth0, addresses: [192.168.1.3/24]}], routes: [{to: 10.0.0.0/24, via: 192.168.1.2}]}\n" \
	"  - {name: u1, network: net, publish: [\"8080:80\"]}\n"	\
	HOST_LINK

#define OVERLAY								\
	"networks: [{name: net, driver: overlay, subnet: 10.0.0.0/24}]\n" \
	"nodes:\n"							\
	"  - {name: h1, interfaces: [{name: eth0, addresses: [192.168.1.1/24]}]}\n" \
	"  - {name: h2, interfaces: [{name: eth0, addresses: [192.168.1.2/24]}]}\n" \
	"  - {name: u1, network: net, \"on\": h1}\n"			\
	"  - {name: u2, network: net, \"on\": h2}\n"			\
	"links: [{endpoints: [\"h1:eth0\", \"h2:eth0\"]}]\n"

#define ASKER								\
	"networks: [{name: net, subnet: 10.0.0.0/24}]\n"		\
	"nodes:\n"							\
	"  - {name: host, nameservers: [192.168.1.9, 192.168.1.10]}\n"	\
	"  - {name: u1, network: bridge}\n"				\
	"steps: [{dns: {from: u1, name: u2, expect: fail}}]\n"

/* clang-format off */
static const struct change_case {
	const char *text, *words;
	const char *lacks[4];		/* of what the whole lab has */
	const char *gains[4];		/* what that has not */
	const char *keeps[4];
} change_cases[] = {
	/* Its routes go with an address; one that needs no subnet stays */
	{ ROUTER, "red:eth0 lacks 10.0.0.1/24",
	  { "10.0.0.1/24", "10.9.0.0/16" }, { NULL },
	  { "10.8.0.0/16", "10.0.0.2/24" } },
	/* What stands on a link goes down with it, and all its routes go */
	{ ROUTER, "red:eth0 is down",
	  { "10.9.0.0/16", "10.8.0.0/16", "set dev v up" }, { NULL },
	  { "10.0.0.1/24" } },
	{ ROUTER, "blue:eth0 is down", { NULL }, { NULL }, { "10.9.0.0/16" } },
	/* A port is several rules, and other ports keep theirs */
	{ STATES, "host does not publish 8080/tcp of u1",
	  { "--dport 8080", "-d 10.0.0.2/32" }, { NULL },
	  { "--dport 81", "10.0.0.2/24" } },
	/* In a state that a step leads to */
	{ STATES, "u2:eth0 lacks 10.0.0.3/24", { "10.0.0.3/24" }, { NULL },
	  { "10.0.0.2/24", "--dport 81" } },
	/* In all states: no step brings it back */
	{ STATES, "network net does not masquerade",
	  { "-s 10.0.0.0/24 ! -o br-net -j MASQUERADE" }, { NULL },
	  { "--dport 8080" } },

	/* Interfaces */
	{ ZOO, "red:off is up", { NULL }, { "set dev off up" } },
	{ ZOO, "red:six has no IPv6", { NULL }, { "dev six addrgenmode none" } },
	{ SWITCH, "host:p1 is no port of a",
	  { "dev p1 master a", "isolated on" }, { NULL }, { "dev p2 master a" } },
	{ SWITCH, "host:p1 is a port of b, not a", { "dev p1 master a" },
	  { "dev p1 master b" }, { "isolated on" } },
	{ SWITCH, "host:p1 is not isolated", { "isolated on" }, { NULL },
	  { "dev p1 master a" } },
	{ SWITCH, "u2:eth0 has the MAC address of u1:eth0",
	  { "02:00:00:00:00:02" }, { NULL }, { "02:00:00:00:00:01" } },
	{ SWITCH, "u1:eth0 has the MAC address 02:00:00:00:00:03, not 02:00:00:00:00:01",
	  { "02:00:00:00:00:01" }, { "02:00:00:00:00:03" } },
	{ NETWORKS, "u1:eth0 is plugged into br-shut",
	  { "dev veth-u1 master br-net" }, { "dev veth-u1 master br-shut" } },
	{ NO_PROXY, "nothing turns round to u1:eth0", { "hairpin on" } },

	/* What links are given */
	{ ZOO, "red:eth1 has the kernel's MTU", { "mtu 1400" } },
	{ ZOO, "the link of red:eth0 has no delay", { "delay 5000us" },
	  { NULL }, { "loss 2.00%", "rate 1000000bps" } },
	{ ZOO, "the link of red:eth0 loses nothing", { "loss 2.00%" },
	  { NULL }, { "delay 5000us", "rate 1000000bps" } },
	{ ZOO, "the link of red:eth0 has no limit of rate",
	  { "rate 1000000bps" }, { NULL }, { "delay 5000us", "loss 2.00%" } },
	{ ZOO, "red:v has VLAN 8, not 7", { "id 7" }, { "id 8" } },
	{ ZOO, "red:v stands on eth1", { "link eth0 name v " },
	  { "link eth1 name v " } },
	{ ZOO, "red:m1 is private to others on its parent", { NULL },
	  { "mode private" }, { "mode bridge" } },
	{ ZOO, "red:vx has VNI 6, not 5", { "id 5 " }, { "id 6 " } },
	{ ZOO, "red:vx uses port 4790, not 4789", { "4789" }, { "4790" } },
	{ ZOO, "red:vx sends to 10.0.0.254", { "remote 10.0.0.2 " },
	  { "remote 10.0.0.254 " } },

	/* Addresses */
	{ ZOO, "red:eth0 has 10.0.0.254/24, not 10.0.0.1/24",
	  { "10.0.0.1/24" }, { "10.0.0.254/24" }, { "10.9.0.0/16" } },
	{ ZOO, "red:eth0 has 10.0.0.1/32, not /24",
	  { "10.0.0.1/24", "10.9.0.0/16" }, { "10.0.0.1/32" } },
	{ ZOO, "red:eth0 has 10.0.0.1/12, not /24",
	  { "10.0.0.1/24" }, { "10.0.0.1/12" }, { "10.9.0.0/16" } },

	/* Routes */
	{ ZOO, "red lacks the route to 10.9.0.0/16 via 10.0.0.2",
	  { "10.9.0.0/16" } },
	{ ZOO, "red has the route to 10.9.0.0/16 via 10.0.0.254, not 10.0.0.2",
	  { "10.9.0.0/16 via 10.0.0.2\n" }, { "10.9.0.0/16 via 10.0.0.254" } },
	{ ZOO, "red has the route to 10.8.0.0/15 via 10.0.0.2, not /16",
	  { "10.9.0.0/16" }, { "10.8.0.0/15 via 10.0.0.2" } },
	{ ZOO, "red has the route to 10.7.0.0/16 dev eth1",
	  { "10.7.0.0/16 dev eth0" }, { "10.7.0.0/16 dev eth1" } },
	{ ZOO, "red has the route to 10.6.0.0/16 via 10.0.0.2 with metric 21, not 10",
	  { "metric 10" }, { "metric 21" }, { "metric 20" } },
	{ ZOO, "red has the route to 10.5.0.0/16 via 10.0.1.2 without its source",
	  { "src 10.0.1.7" }, { NULL }, { "10.5.0.0/16" } },
	{ ZOO, "red has the route to 10.4.0.0/16 of type prohibit, not blackhole",
	  { "blackhole" }, { "prohibit" } },

	/* Neighbours */
	{ ZOO, "red lacks the neighbor 10.0.0.2", { "02:00:00:00:00:09" } },
	{ ZOO, "red has the neighbor 10.0.0.2 at 02:00:00:00:00:f6",
	  { "02:00:00:00:00:09" }, { "02:00:00:00:00:f6" } },

	/* Networks */
	{ NETWORKS, "network net has the kernel's MTU", { "mtu 1400 numtxqueues" } },
	{ NETWORKS, "network shut is not internal",
	  { "! -s 10.1.0.0/24 -o br-shut -j DROP" },
	  { "-s 10.1.0.0/24 ! -o br-shut -j MASQUERADE" } },
	{ NETWORKS, "network shut is not kept apart",
	  { "-o br-shut -j DROP", "-i br-shut -j DROP" } },
	{ NETWORKS, "network off lets its containers talk",
	  { "-i br-off -o br-off -j DROP" }, { "-i br-off -o br-off -j ACCEPT" } },
	{ NETWORKS, "network net has no names", { NULL }, { "by nobody" } },
	{ NETWORKS, "app has a network of its own", { NULL },
	  { "ip netns add app" } },
	{ OVERLAY, "other hosts of network net don't know u1",
	  { "02:42:0a:00:00:02 dev vxlan0" } },
	{ OVERLAY, "vxlan0 on h1 has VNI 8392705, not 4097", { NULL },
	  { "id 8392705" }, { "id 4097" } },

	/* The firewall */
	{ NETWORKS, "host lacks the rule 'iptables -P FORWARD DROP'",
	  { ":FORWARD DROP" }, { ":FORWARD ACCEPT" } },
	{ NETWORKS, "host lacks the rule 'iptables -A FORWARD -o br-net -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'",
	  { "-o br-net -m conntrack" }, { NULL }, { "-o br-off -m conntrack" } },
	{ NETWORKS, "host lacks the rule 'iptables -A FORWARD -i br-net ! -o br-net -j ACCEPT'",
	  { "-A FORWARD -i br-net ! -o br-net -j ACCEPT" } },
	{ NETWORKS, "host lacks the rule 'iptables -A FORWARD -i br-net -o br-net -j ACCEPT'",
	  { "-A FORWARD -i br-net -o br-net -j ACCEPT" } },
	{ NETWORKS, "host lacks the rule 'iptables -A FORWARD -o br-net -j DOCKER'",
	  { "-A FORWARD -o br-net -j DOCKER" } },
	{ NETWORKS, "host lacks the rule 'iptables -A FORWARD -j DOCKER-ISOLATION-STAGE-1'",
	  { "-A FORWARD -j DOCKER-ISOLATION-STAGE-1" } },
	{ NETWORKS, "host lacks the rule 'iptables -A DOCKER -d 10.0.0.2/32 ! -i br-net -o br-net -p tcp -m tcp --dport 80 -j ACCEPT'",
	  { "--dport 80 -j ACCEPT" }, { NULL }, { "--dport 8080" } },
	{ NETWORKS, "host lacks the rule 'iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER'",
	  { "-A PREROUTING" } },
	{ NETWORKS, "host lacks the rule 'iptables -t nat -A DOCKER -i br-off -j RETURN'",
	  { "-i br-off -j RETURN" } },
	{ NO_PROXY, "host lacks the rule 'iptables -t nat -A POSTROUTING -s 10.0.0.2/32 -d 10.0.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE'",
	  { "-s 10.0.0.2/32 -d 10.0.0.2/32" } },
	{ NO_PROXY, "host lacks the rule 'iptables -t nat -A POSTROUTING -o br-net -m addrtype --src-type LOCAL -j MASQUERADE'",
	  { "--src-type LOCAL" } },
	{ NEW, "host lacks the rule 'iptables -t raw -A PREROUTING -d 10.0.0.2/32 ! -i br-net -j DROP'",
	  { "-A PREROUTING -d 10.0.0.2/32" } },

	/* Published ports */
	{ NETWORKS, "host's 8080/tcp leads to port 81 of u1",
	  { "--dport 8080 -j DNAT --to-destination 10.0.0.2:80",
	    ":8080 to u1:80\n" },
	  { "--dport 8080 -j DNAT --to-destination 10.0.0.2:81",
	    ":8080 to u1:81\n" } },
	{ NETWORKS, "host's 8080/tcp leads to u2, not u1",
	  { "--dport 8080 -j DNAT --to-destination 10.0.0.2:80" },
	  { "--dport 8080 -j DNAT --to-destination 10.0.0.3:80" } },
	{ NETWORKS, "host's 192.168.1.2 82/tcp is open at every address",
	  { "-d 192.168.1.2/32", "192.168.1.2:82 to" },
	  { NULL }, { "--dport 82 -j DNAT", ":82 to u1:80" } },
	{ NETWORKS, "host has no proxy for 8080/tcp", { ":8080 to" },
	  { NULL }, { "--dport 8080" } },

	/* Names */
	{ NETWORKS, "in network net nobody knows u2",
	  { "u2 is called u2" }, { NULL }, { "u2 is called , db" } },
	{ NETWORKS, "in network net the name u2 leads to u1, not u2",
	  { "u2 is called u2" }, { "u1 is called u1, u2" } },
	{ NETWORKS, "in network net nobody knows u2 as db", { ", db" },
	  { NULL }, { "u2 is called u2" } },
	{ NETWORKS, "in network net the name db leads to u1, not u2",
	  { "u2 is called u2, db" }, { "u1 is called u1, db" } },
	{ ASKER, "host has no name server 192.168.1.9",
	  { "u1: nameserver 192.168.1.9" }, { NULL },
	  { "nameserver 192.168.1.10" } },
	{ ASKER, "host has the name server 192.168.1.254, not 192.168.1.9",
	  { "u1: nameserver 192.168.1.9" }, { "u1: nameserver 192.168.1.254" } },
};
/* clang-format on */

static const struct mutant *mutant_find(const struct lab *lab,
					const char *words)
{
	for (size_t i = 0; i < lab->mutants.count; i++)
		if (!strcmp(lab->mutants.items[i].words, words))
			return &lab->mutants.items[i];
	return NULL;
}

static void expect(const char *script, const char *const *texts, bool there)
{
	for (int i = 0; i < 4 && texts[i]; i++) {
		if (!strstr(script, texts[i]) == there)
			print_error("%s\n", texts[i]);
		assert_int_equal(!!strstr(script, texts[i]), there);
	}
}

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(change_cases) / sizeof(*change_cases);
	     i++) {
		const struct change_case *c = &change_cases[i];
		const struct mutant *mutant;
		char *whole, *broken;
		struct plan copy;
		struct lab lab;

		lab_make(&lab, c->text);
		mutant = mutant_find(&lab, c->words);
		if (!mutant)
			print_error("%s\n", c->words);
		assert_non_null(mutant);
		mutant_plan(&copy, &lab.plan, mutant);
		whole = script_of(&lab.plan);
		broken = script_of(&copy);
		expect(whole, c->lacks, true);
		expect(broken, c->lacks, false);
		expect(whole, c->gains, false);
		expect(broken, c->gains, true);
		expect(broken, c->keeps, true);
		free(whole);
		free(broken);
		plan_done(&copy);
		lab_unmake(&lab);
	}
}

/* Each mutant is another lab than the whole one */
static void test_none_is_alike(void **state)
{
	static const char *const texts[] = {
		ROUTER, STATES, ZOO, SWITCH, NETWORKS, NO_PROXY, NEW, OVERLAY,
		ASKER,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct lab lab;
		char *whole;

		lab_make(&lab, texts[i]);
		whole = script_of(&lab.plan);
		for (size_t k = 0; k < lab.mutants.count; k++) {
			struct plan copy;
			char *broken;

			mutant_plan(&copy, &lab.plan, &lab.mutants.items[k]);
			broken = script_of(&copy);
			if (!strcmp(whole, broken))
				print_error("%s\n", lab.mutants.items[k].words);
			assert_string_not_equal(whole, broken);
			free(broken);
			plan_done(&copy);
		}
		free(whole);
		lab_unmake(&lab);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_none_is_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
