// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_test.c - what comes out of a scenario
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "planned.h"
#include "scenario/bind.h"
#include "scenario/language.h"

static const char basics[] =
	"nodes:\n"
	"  - name: red\n"
	"    interfaces:\n"
	"      - {name: lo, addresses: [10.0.0.1/32]}\n"
	"      - {name: veth-red, addresses: [192.168.15.1/24, 'fd00::1/64']}\n"
	"    routes:\n"
	"      - {to: default, via: 192.168.15.5}\n"
	"      - {to: 10.0.0.0/8, type: blackhole}\n"
	"      - {to: default, via: 'fd00::5', dev: veth-red, metric: 7}\n"
	"    neighbors: [{address: 192.168.15.9, mac: '02:00:00:00:00:09'}]\n"
	"    sysctls: [net.ipv4.conf.veth-red.rp_filter=1,\n"
	"              net/ipv4/conf/a.b/mtu=2, net.ipv4.conf.a/b.tag=3]\n"
	"  - name: host\n"
	"    interfaces:\n"
	"      - {name: br0, kind: bridge, ports: [p1, vx0],\n"
	"         addresses: [192.168.15.5/24]}\n"
	"      - {name: p1, isolated: true, mtu: 1300, state: down}\n"
	"      - {name: vx0, kind: vxlan, vni: 10, dev: mv0}\n"
	"      - {name: mv0, kind: macvlan, parent: p2}\n"
	"      - {name: t0, kind: tun}\n"
	"    forward: true\n"
	"links:\n"
	"  - {endpoints: ['red:veth-red', 'host:p1'], mtu: 1400, delay: 10ms}\n"
	"  - endpoints: ['host:p2', 'host:p3']\n";

static void test_basics(void **state)
{
	const struct plan_interface *end;
	const struct plan_node *red;
	struct planned p;

	(void)state;
	planned_init(&p, basics);
	assert_int_equal(p.result, 0);
	is_interface(&p, "red:lo", "lo 1 loopback 10.0.0.1/32");
	is_interface(&p, "red:veth-red",
		     "veth-red 32 veth 02:57:a3:c0:f6:d3 mtu 1400 "
		     "192.168.15.1/24 fd00::1/64 ipv6");
	is_interface(&p, "host:br0", "br0 32 bridge 192.168.15.5/24");
	is_interface(&p, "host:p1",
		     "p1 33 veth 02:3b:c9:6d:27:84 mtu 1300 master 32 down "
		     "isolated");
	is_interface(&p, "host:vx0",
		     "vx0 34 vxlan 02:9e:3f:2d:28:87 master 32 lower 35");
	is_interface(&p, "host:mv0",
		     "mv0 35 macvlan 02:5c:7d:f6:4f:25 lower 37");
	is_interface(&p, "host:t0", "t0 36 tun");
	is_interface(&p, "host:p3", "p3 38 veth 02:ce:d3:25:c1:69");
	assert_int_equal(interface_of(&p, "host:vx0")->port, 4789);

	end = interface_of(&p, "red:veth-red");
	assert_true(end->first_end);
	assert_int_equal(end->peer_node, plan_node_find(&p.plan, "host"));
	assert_int_equal(end->peer_interface, 1);
	assert_int_equal(end->delay_ns, 10000000);
	end = interface_of(&p, "host:p1");
	assert_false(end->first_end);
	assert_int_equal(end->peer_interface, 1);

	red = &p.plan.nodes[0];
	assert_int_equal(red->route_count, 3);
	assert_int_equal(red->routes[0].family, AF_INET);
	assert_true(red->routes[0].is_default);
	assert_int_equal(red->routes[0].ifindex, 0);
	assert_int_equal(red->routes[0].table, 254);
	assert_int_equal(red->routes[1].type, ROUTE_BLACKHOLE);
	assert_int_equal(red->routes[1].length, 8);
	assert_int_equal(red->routes[2].family, AF_INET6);
	assert_int_equal(red->routes[2].ifindex, 32);
	assert_int_equal(red->routes[2].metric, 7);
	assert_int_equal(red->neighbors[0].ifindex, 32);
	assert_true(red->ipv6);
	planned_done(&p);
}

static void test_settings(void **state)
{
	static const struct {
		const char *node, *key, *value;
	} cases[] = {
		{ "red", "net/ipv4/ip_forward", "0" },
		{ "red", "net/ipv4/conf/all/rp_filter", "0" },
		{ "red", "net/ipv4/icmp_ratemask", "0" },
		{ "red", "net/ipv4/conf/veth-red/rp_filter", "1" },
		{ "red", "net/ipv4/conf/a.b/mtu", "2" },
		{ "red", "net/ipv4/conf/a.b/tag", "3" },
		{ "red", "net/ipv6/icmp/ratemask", "0" },
		{ "host", "net/ipv4/ip_forward", "1" },
		{ "host", "net/ipv6/conf/all/forwarding", "1" },
		{ "host", "net/ipv6/icmp/ratemask", "" },
		{ "host", "net/bridge/bridge-nf-call-iptables", "1" },
	};
	struct planned p;
	size_t i;

	(void)state;
	planned_init(&p, basics);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(setting_of(&p, cases[i].node, cases[i].key),
				    cases[i].value);
	planned_done(&p);
}

static const char neighbourhood[] =
	"nodes:\n"
	"  - {name: a, interfaces: [{name: x, addresses: [10.1.0.1/24]},\n"
	"                           {name: y, addresses: [10.2.0.1/24]}]}\n"
	"  - {name: b, interfaces: [{name: y, addresses: [10.2.0.2/24, 'fd00::2/64']},\n"
	"                           {name: x, addresses: [10.1.0.2/24]},\n"
	"                           {name: z, kind: dummy, addresses: ['fe80::9/64', 10.9.0.2/24]}]}\n"
	"  - {name: six, interfaces: [{name: s, kind: dummy, addresses: ['fe80::1/64', 'fd00::6/64']}]}\n"
	"  - {name: local, interfaces: [{name: s, kind: dummy, addresses: ['fe80::7/64']}]}\n"
	"  - {name: one, interfaces: [{name: s, kind: dummy, addresses: [10.2.0.7/24]}]}\n"
	"  - {name: bare}\n"
	"  - {name: shared, network: 'container:b'}\n"
	"  - {name: adopted, netns: 'pid:1'}\n"
	"links: [{endpoints: ['a:x', 'b:x']}, {endpoints: ['a:y', 'b:y']}]\n";

static void test_targets(void **state)
{
	static const struct {
		const char *from, *to;
		int family;
		const char *expected;	/* an address, or what is told */
	} cases[] = {
		{ "a", "b", 0, "10.2.0.2" },
		{ "one", "a", 0, "10.2.0.1" },
		{ "bare", "a", 0, "10.1.0.1" },
		{ "a", "b:x", 0, "10.1.0.2" },
		{ "a", "b:z", 0, "10.9.0.2" },
		{ "a", "b", AF_INET6, "fd00::2" },
		{ "a", "shared", 0, "10.2.0.2" },
		{ "shared", "a", 0, "10.1.0.1" },
		{ "a", "six", 0, "fd00::6" },
		{ "six", "b", 0, "fd00::2" },
		{ "six", "b", AF_INET, "10.2.0.2" },
		{ "a", "local", 0, "fe80::7" },
		{ "adopted", "b", 0, "10.2.0.2" },
		{ "a", "bare", 0, "bare has no address" },
		{ "a", "six", AF_INET, "six has no IPv4 address" },
		{ "a", "b:q", 0, "b has no interface q" },
		{ "a", "adopted", 0,
		  "adopted is adopted, so its address must be given" },
		{ "a", "adopted:q", 0,
		  "adopted is adopted, so the address of its q must be given" },
		{ "a", "nobody", 0, "there is no node nobody" },
	};
	struct lc_value target;
	struct lc_err err;
	struct planned p;
	struct lc_ip ip;
	char name[64], got[sizeof(err.text)];
	const struct plan_node *from;
	size_t i;

	(void)state;
	planned_init(&p, neighbourhood);
	assert_int_equal(p.result, 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *colon;

		strcpy(name, cases[i].to);
		colon = strchr(name, ':');
		target = (struct lc_value){
			.text = cases[i].to,
			.kind = colon ? LC_TARGET_INTERFACE : LC_TARGET_NODE,
			.node = name,
			.interface = colon ? colon + 1 : NULL,
		};
		if (colon)
			*colon = '\0';
		from = &p.plan.nodes[plan_node_find(&p.plan, cases[i].from)];
		if (plan_target_address(&p.plan, from, &target,
					cases[i].family, &ip, &err) == 0)
			ip_format(&ip, got);
		else
			strcpy(got, err.text);
		assert_string_equal(got, cases[i].expected);
	}
	planned_done(&p);
}

/* What the loader could not read is not there: no text, no meaning */
static void test_holes(void **state)
{
	struct interface_said interfaces[2] = { 0 };
	struct attachment_said attachments[2] = { 0 };
	struct route_said routes[2] = { 0 };
	struct neighbor_said neighbors[1] = { 0 };
	struct service_said services[1] = { 0 };
	struct network_said networks[2] = { 0 };
	struct aux_said aux[1] = { 0 };
	struct pool_said pools[2] = { 0 };
	struct docker_said docker = { 0 };
	struct link_said links[2] = { 0 };
	struct step_said steps[1] = { 0 };
	struct node_said nodes[2] = { 0 };
	const struct lc_scalar unreadable = { .text = "unreadable" };
	struct lc_value holes[2] = { 0 };
	struct scenario scenario = {
		.networks = networks, .networks_count = 2,
		.nodes = nodes, .nodes_count = 2,
		.links = links, .links_count = 2,
		.steps = steps, .steps_count = 1,
	};
	struct lc_problems problems;
	struct plan plan;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		bind_nothing(lc_node_fields, &nodes[i]);
		bind_nothing(interface_fields, &interfaces[i]);
		bind_nothing(link_fields, &links[i]);
	}
	nodes[1].name.text = "a";
	nodes[1].interfaces = interfaces;
	nodes[1].interfaces_count = 2;
	interfaces[1].name.text = "eth0";
	interfaces[1].kind = &unreadable;
	interfaces[1].addresses = (struct lc_list){ .count = 2, .items = holes };
	interfaces[1].ports = interfaces[1].addresses;
	nodes[1].networks = attachments;
	nodes[1].networks_count = 2;
	attachments[1].name.text = "nowhere";
	nodes[1].routes = routes;
	nodes[1].routes_count = 2;
	nodes[1].neighbors = neighbors;
	nodes[1].neighbors_count = 1;
	nodes[1].services = services;
	nodes[1].services_count = 1;
	nodes[1].sysctls = (struct lc_list){ .count = 2 };
	networks[1].name.text = "n";
	networks[1].on.text = "a";
	networks[1].aux_addresses = aux;
	networks[1].aux_addresses_count = 1;
	networks[0].name.text = "m";
	networks[0].ipam = pools;
	networks[0].ipam_count = 2;
	pools[1].aux_addresses = aux;
	pools[1].aux_addresses_count = 1;
	nodes[1].publish = (struct lc_list){ .count = 2, .items = holes };
	nodes[1].nameservers = (struct lc_list){ .count = 2, .items = holes };
	nodes[1].docker = &docker;
	links[0].endpoints = (struct lc_list){ .count = 2, .items = holes };
	links[1].endpoints = (struct lc_list){ .count = 2 };

	problems_init(&problems);
	plan_make(&plan, &scenario, &problems);
	assert_int_equal(plan.node_count, 2);
	plan_done(&plan);
	problems_done(&problems);
}

/* 4000 nodes in 4 networks: every MAC and address its own, in little time */
static void test_many(void **state)
{
	static const char text[] =
		"networks: [{name: a}, {name: b}, {name: c}, {name: d}]\n"
		"nodes:\n"
		"  - {name: a, count: 1000, network: a, forward: true}\n"
		"  - {name: b, count: 1000, network: b, sysctls: [net.a=1]}\n"
		"  - {name: c, count: 1000, network: c}\n"
		"  - {name: d, count: 1000, network: d}\n";
	const struct plan_node *host;
	struct timespec before, after;
	struct planned p;
	size_t i, k;
	double ms;

	(void)state;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	planned_init(&p, text);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	ms = (double)(after.tv_sec - before.tv_sec) * 1e3 +
	     (double)(after.tv_nsec - before.tv_nsec) / 1e6;
	print_message("4000 nodes: %.1f ms\n", ms);
	assert_int_equal(p.result, 0);
	assert_true(ms < 2000);
	assert_int_equal(p.plan.node_count, 4001);
	host = &p.plan.nodes[4000];
	assert_int_equal(host->interface_count, 4004);
	is_interface(&p, "d1000:eth0",
		     "eth0 32 veth 02:42:ac:15:03:e9 172.21.3.233/16");
	for (i = 0; i < host->interface_count; i++) {
		assert_int_equal(host->interfaces[i].ifindex, i + 32);
		for (k = i + 1; k < host->interface_count; k++)
			assert_memory_not_equal(host->interfaces[i].mac,
						host->interfaces[k].mac, 6);
	}
	/* One list of settings for all that say the same */
	assert_ptr_equal(p.plan.nodes[2000].sysctls, p.plan.nodes[3999].sysctls);
	assert_ptr_equal(p.plan.nodes[0].sysctls, p.plan.nodes[999].sysctls);
	assert_string_equal(setting_of(&p, "a1000", "net/ipv4/ip_forward"), "1");
	assert_string_equal(setting_of(&p, "b1000", "net/a"), "1");
	planned_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basics),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
