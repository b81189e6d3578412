// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_test.c - what comes out of a scenario, and what is refused
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

#include <labcheck/check.h>

#include "scenario/address.h"
#include "scenario/load.h"
#include "scenario/plan.h"
#include "scenario/problems.h"

/** struct planned - A text on its way to a plan */
struct planned {
	struct loaded loaded;
	struct plan plan;
	struct lc_problems problems;
	int result;
};

extern const struct lc_check lc_check_ping, lc_check_create, lc_check_remove,
	lc_check_connect, lc_check_disconnect;

static void planned_init(struct planned *p, const char *text)
{
	static const struct lc_check *const checks[] = {
		&lc_check_ping, &lc_check_create, &lc_check_remove,
		&lc_check_connect, &lc_check_disconnect, NULL,
	};
	struct source source = {
		.path = strdup("test.yaml"),
		.text = strdup(text),
		.length = strlen(text),
	};
	struct lc_err err = { "" };
	size_t i;

	memset(p, 0, sizeof(*p));
	problems_init(&p->problems);
	load_source(&p->loaded, &source, checks, &p->problems, &err);
	for (i = 0; i < p->problems.count; i++)
		if (!p->problems.items[i].warning)
			print_error("%u: %s\n", p->problems.items[i].at.line,
				    p->problems.items[i].text);
	assert_int_equal(p->problems.errors, 0);
	assert_non_null(p->loaded.scenario);
	p->result = plan_make(&p->plan, p->loaded.scenario, &p->problems);
}

static void planned_done(struct planned *p)
{
	plan_done(&p->plan);
	problems_done(&p->problems);
	loaded_done(&p->loaded);
}

/* "eth0 32 veth 02:... mtu 1400 master 33 a.b.c.d/16 down ipv6" */
static void describe(const struct plan_interface *i, FILE *out)
{
	char text[PREFIX_TEXT_SIZE];
	size_t k;

	fprintf(out, "%s %u %s", i->name, i->ifindex,
		i->kind == KIND_LOOPBACK ? "loopback"
					 : interface_kind_words[i->kind]);
	if (i->has_mac)
		fprintf(out, " %s", mac_format(i->mac, text));
	if (i->mtu)
		fprintf(out, " mtu %u", i->mtu);
	if (i->master)
		fprintf(out, " master %u", i->master);
	if (i->lower)
		fprintf(out, " lower %u", i->lower);
	if (i->lower_node != NO_NODE)
		fprintf(out, " of node %u", i->lower_node);
	if (i->underlay != NO_NODE)
		fprintf(out, " vni %u by node %u", i->vni, i->underlay);
	if (i->mode != MACVLAN_BRIDGE)
		fprintf(out, " mode %d", i->mode);
	for (k = 0; k < i->address_count; k++)
		fprintf(out, " %s",
			prefix_format(&i->addresses[k].ip,
				      i->addresses[k].length, text));
	fputs(i->up ? "" : " down", out);
	fputs(i->ipv6 ? " ipv6" : "", out);
	fputs(i->isolated ? " isolated" : "", out);
}

static const struct plan_interface *interface_of(const struct planned *p,
						 const char *place)
{
	const char *colon = strchr(place, ':');
	char node[64];
	int number;

	snprintf(node, sizeof(node), "%.*s", (int)(colon - place), place);
	number = plan_node_find(&p->plan, node);
	if (number < 0)
		fail_msg("no node %s", node);
	return plan_interface_find(&p->plan.nodes[number], colon + 1);
}

static void is_interface(const struct planned *p, const char *place,
			 const char *expected)
{
	const struct plan_interface *i = interface_of(p, place);
	char *text;
	size_t size;
	FILE *out;

	if (!i)
		fail_msg("no interface %s", place);
	out = open_memstream(&text, &size);
	describe(i, out);
	fclose(out);
	if (strcmp(text, expected) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", place, text, expected);
	free(text);
}

static const char *setting_of(const struct planned *p, const char *name,
			      const char *key)
{
	const struct plan_node *node;
	const char *value = "";
	size_t i;

	node = &p->plan.nodes[plan_node_find(&p->plan, name)];
	for (i = 0; i < node->sysctl_count; i++)
		if (!strcmp(node->sysctls[i].key, key))
			value = node->sysctls[i].value;
	return value;
}

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

static void test_networks(void **state)
{
	static const char text[] =
		"networks:\n"
		"  - {name: my-net, subnet: 172.18.0.0/16,\n"
		"     ip_range: 172.18.1.0/24, gateway: 172.18.0.1,\n"
		"     aux_addresses: [{name: r, address: 172.18.1.1}]}\n"
		"  - {name: back, internal: true, mtu: 1400}\n"
		"  - {name: small, subnet: 10.0.0.0/30, on: other,\n"
		"     masquerade: false}\n"
		"  - {name: a-very-long-name-of-a-network, subnet: 172.20.0.0/16,\n"
		"     ip_range: 172.20.5.0/24}\n"
		"nodes:\n"
		"  - {name: host}\n"
		"  - {name: other}\n"
		"  - {name: u1, network: my-net}\n"
		"  - {name: u2, networks: [{name: my-net, address: 172.18.1.2},\n"
		"                          {name: back}]}\n"
		"  - {name: u3, network: my-net,\n"
		"     interfaces: [{name: eth0, mtu: 1300}]}\n"
		"  - {name: c, count: 2, network: bridge}\n"
		"  - {name: d, network: small, routes: [{to: default, via: 10.0.0.1}]}\n"
		"  - {name: e, networks: [{name: back}, {name: my-net}]}\n"
		"  - {name: lonely, network: none}\n"
		"  - {name: h, network: host}\n"
		"  - {name: k, network: 'container:k2'}\n"
		"  - {name: k2, network: 'container:u1'}\n"
		"  - {name: l, network: a-very-long-name-of-a-network}\n";
	const struct plan_node *node;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	/* The range's very first address; gateway and aux are kept free */
	is_interface(&p, "u1:eth0",
		     "eth0 32 veth 02:42:ac:12:01:00 172.18.1.0/16");
	is_interface(&p, "u2:eth0",
		     "eth0 32 veth 02:42:ac:12:01:02 172.18.1.2/16");
	is_interface(&p, "u3:eth0",
		     "eth0 32 veth 02:42:ac:12:01:03 mtu 1300 172.18.1.3/16");
	is_interface(&p, "u2:eth1",
		     "eth1 33 veth 02:42:ac:13:00:02 mtu 1400 172.19.0.2/16");
	is_interface(&p, "c2:eth0",
		     "eth0 32 veth 02:42:ac:11:00:03 172.17.0.3/16");
	is_interface(&p, "d:eth0", "eth0 32 veth 02:42:0a:00:00:02 10.0.0.2/30");
	is_interface(&p, "host:docker0",
		     "docker0 35 bridge 02:42:f5:ba:4b:5b 172.17.0.1/16");
	is_interface(&p, "host:br-my-net",
		     "br-my-net 32 bridge 02:42:fb:e4:4d:03 172.18.0.1/16");
	is_interface(&p, "host:veth-u2-1",
		     "veth-u2-1 38 veth 02:87:c7:bf:8c:56 mtu 1400 master 33");
	is_interface(&p, "other:br-small",
		     "br-small 32 bridge 02:42:f3:d7:8b:1f 10.0.0.1/30");
	/* A range without gateway: its first address is the gateway */
	is_interface(&p, "l:eth0",
		     "eth0 32 veth 02:42:ac:14:05:01 172.20.5.1/16");
	assert_null(interface_of(&p, "lonely:eth0"));
	/* Those that live in another's namespace have the other's */
	assert_ptr_equal(interface_of(&p, "k:eth0"),
			 interface_of(&p, "u1:eth0"));
	assert_ptr_equal(interface_of(&p, "h:docker0"),
			 interface_of(&p, "host:docker0"));
	node = &p.plan.nodes[plan_node_find(&p.plan, "k")];
	assert_int_equal(node->kind, NODE_SHARED);
	assert_int_equal(node->shares, plan_node_find(&p.plan, "u1"));

	/* my-net wins over back: that one is internal */
	node = &p.plan.nodes[plan_node_find(&p.plan, "e")];
	assert_int_equal(node->route_count, 1);
	assert_int_equal(ntohl(node->routes[0].via.v4.s_addr), 0xac120001);
	node = &p.plan.nodes[plan_node_find(&p.plan, "d")];
	assert_int_equal(node->route_count, 1);

	node = &p.plan.nodes[plan_node_find(&p.plan, "host")];
	assert_int_equal(node->nftables_count, 0);
	assert_int_equal(node->chain_count, 12);
	assert_string_equal(setting_of(&p, "host", "net/ipv4/ip_forward"), "1");
	assert_string_equal(setting_of(&p, "u1", "net/ipv4/ip_forward"), "0");
	planned_done(&p);
}

#define PUBLISHES(a, b)							\
	"networks: [{name: n}]\nnodes:\n"				\
	"  - {name: a, network: n, publish: " a "}\n"			\
	"  - {name: b, network: n, publish: " b "}\n"

static void test_macvlan(void **state)
{
	static const char text[] =
		"networks:\n"
		"  - {name: lan-net, driver: macvlan, parent: eth0,\n"
		"     subnet: 192.168.1.0/24, ip_range: 192.168.1.64/27,\n"
		"     gateway: 192.168.1.3}\n"
		"  - {name: own, driver: macvlan, parent: m0, mode: private,\n"
		"     mtu: 1400}\n"
		"nodes:\n"
		"  - {name: m1, network: lan-net,\n"
		"     interfaces: [{name: eth0, mtu: 1300}]}\n"
		"  - {name: m2, networks: [{name: own}, {name: lan-net}]}\n"
		"  - name: host\n"
		"    interfaces: [{name: m0, kind: macvlan, parent: eth0}]\n"
		"  - {name: lan}\n"
		"links: [{endpoints: ['host:eth0', 'lan:eth0']}]\n";
	const struct plan_interface *below;
	const struct plan_node *node;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	is_interface(&p, "m1:eth0",
		     "eth0 32 macvlan 02:42:c0:a8:01:40 mtu 1300 lower 33 "
		     "of node 2 192.168.1.64/24");
	is_interface(&p, "m2:eth0",
		     "eth0 32 macvlan 02:42:ac:12:00:02 mtu 1400 lower 32 "
		     "of node 2 mode 1 172.18.0.2/16");
	is_interface(&p, "m2:eth1",
		     "eth1 33 macvlan 02:42:c0:a8:01:41 lower 33 of node 2 "
		     "192.168.1.65/24");
	/* The default route is the first network's by name */
	node = &p.plan.nodes[plan_node_find(&p.plan, "m2")];
	assert_int_equal(node->route_count, 1);
	assert_int_equal(ntohl(node->routes[0].via.v4.s_addr), 0xc0a80103);
	/* Nothing comes to the host but what the file says */
	node = &p.plan.nodes[plan_node_find(&p.plan, "host")];
	assert_int_equal(node->interface_count, 2);
	assert_int_equal(node->interfaces[1].address_count, 0);
	assert_int_equal(node->nftables_count, 0);
	/* One node below it; of its interface, two are below */
	assert_int_equal(plan_node_depth(&p.plan, node), 0);
	node = &p.plan.nodes[plan_node_find(&p.plan, "m2")];
	assert_int_equal(plan_node_depth(&p.plan, node), 1);
	below = plan_interface_below(&p.plan, node, &node->interfaces[0],
				     &node);
	assert_string_equal(node->name, "host");
	assert_string_equal(below->name, "m0");
	below = plan_interface_below(&p.plan, node, below, &node);
	assert_string_equal(below->name, "eth0");
	assert_null(plan_interface_below(&p.plan, node, below, &node));
	planned_done(&p);
}

/* Which addresses there are, and which are passed over */
static void test_pools(void **state)
{
	static const char text[] =
		"networks:\n"
		/* 172.18 and 172.20 are the host's, 172.19 its name server's */
		"  - {name: chosen}\n"
		"  - {name: both, ipv6: true, ipam: [\n"
		"      {subnet: 'fd00:1::/64'}, {subnet: 10.1.0.0/24,\n"
		"       ip_range: 10.1.0.128/25, gateway: 10.1.0.254,\n"
		"       aux_addresses: [{address: 10.1.0.128}]}]}\n"
		"  - {name: six, ipv6: true, subnet: 'fd00:2::/64',\n"
		"     ip_range: 'fd00:2::100/120'}\n"
		"  - {name: point, subnet: 10.2.0.0/31}\n"
		/* Over an address of the host's: whoever says so may */
		"  - {name: lan, subnet: 172.18.9.0/24, gateway: 172.18.9.3}\n"
		"nodes:\n"
		"  - {name: host, interfaces: [{name: d, kind: dummy,\n"
		"      addresses: [172.18.9.1/24, 172.17.0.9/32]}],\n"
		"     routes: [{to: 172.20.0.0/14, via: 172.18.9.2}],\n"
		"     nameservers: [172.19.0.53]}\n"
		"  - {name: beside, network: host, interfaces: [\n"
		"      {name: e, kind: dummy, addresses: [172.24.0.1/16]}]}\n"
		"  - {name: a, network: chosen}\n"
		"  - {name: b, network: both}\n"
		"  - {name: c, networks: [{name: both, address: 10.1.0.3,\n"
		"                          address6: 'fd00:1::9'}]}\n"
		"  - {name: d, network: six}\n"
		"  - {name: e, network: point}\n"
		"  - {name: f, network: bridge}\n";
	const struct plan_node *b;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	is_interface(&p, "f:eth0",
		     "eth0 32 veth 02:42:ac:19:00:02 172.25.0.2/16");
	is_interface(&p, "a:eth0",
		     "eth0 32 veth 02:42:ac:1a:00:02 172.26.0.2/16");
	is_interface(&p, "b:eth0",
		     "eth0 32 veth 02:42:0a:01:00:81 10.1.0.129/24 "
		     "fd00:1::2/64 ipv6");
	is_interface(&p, "c:eth0",
		     "eth0 32 veth 02:42:0a:01:00:03 10.1.0.3/24 "
		     "fd00:1::9/64 ipv6");
	is_interface(&p, "d:eth0",
		     "eth0 32 veth 02:42:ac:1b:00:02 172.27.0.2/16 "
		     "fd00:2::101/64 ipv6");
	is_interface(&p, "e:eth0", "eth0 32 veth 02:42:0a:02:00:01 10.2.0.1/31");
	is_interface(&p, "host:br-both",
		     "br-both 35 bridge 02:42:ec:cf:aa:c5 fd00:1::1/64 "
		     "10.1.0.254/24 fe80::1/64 ipv6");
	assert_string_equal(setting_of(&p, "host",
				       "net/ipv6/conf/all/forwarding"), "1");
	assert_string_equal(setting_of(&p, "host",
				       "net/ipv6/conf/br-both/accept_ra"), "0");
	b = &p.plan.nodes[plan_node_find(&p.plan, "b")];
	assert_int_equal(b->route_count, 2);
	assert_int_equal(b->routes[0].family, AF_INET);
	assert_int_equal(b->routes[1].family, AF_INET6);
	assert_int_equal(b->routes[1].via.bytes[15], 1);
	planned_done(&p);
}

/* What a host's `docker` changes */
static void test_docker(void **state)
{
	static const char text[] =
		"networks:\n"
		"  - {name: a, icc: false}\n"
		"  - {name: shut, internal: true}\n"
		"  - {name: old, on: other}\n"
		"nodes:\n"
		"  - {name: host, docker: {version: 28, userland_proxy: false},\n"
		"     sysctls: [net.bridge.bridge-nf-call-iptables=0]}\n"
		"  - {name: other}\n"
		"  - {name: u1, network: a}\n"
		"  - {name: u2, network: a}\n"
		"  - {name: u3, network: shut}\n"
		"  - {name: u4, networks: [{name: a, mac: '02:00:00:00:00:04'}]}\n"
		"  - {name: u5, networks: [{name: old, mac: random}]}\n"
		"  - {name: u6, network: old}\n";
	const struct plan_interface *one, *two;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	one = interface_of(&p, "u1:eth0");
	two = interface_of(&p, "u2:eth0");
	assert_int_equal(one->mac[0] & 3, 2);
	assert_memory_not_equal(one->mac, two->mac, 6);
	assert_memory_not_equal(one->mac + 2, &one->addresses[0].ip.v4, 4);
	assert_memory_equal(one->mac, p.plan.endpoints[0].mac, 6);
	assert_true(one->announce);
	assert_true(interface_of(&p, "host:veth-u1")->hairpin);
	assert_int_equal(p.plan.nodes[plan_node_find(&p.plan, "u1")].route_count,
			 1);
	assert_int_equal(p.plan.nodes[plan_node_find(&p.plan, "u3")].route_count,
			 0);
	is_interface(&p, "u4:eth0",
		     "eth0 32 veth 02:00:00:00:00:04 172.18.0.4/16");
	assert_true(interface_of(&p, "u4:eth0")->announce);
	one = interface_of(&p, "u5:eth0");
	assert_int_equal(one->mac[0] & 3, 2);
	assert_int_not_equal(one->mac[0] << 8 | one->mac[1], 0x242);
	assert_false(one->announce);
	assert_false(interface_of(&p, "other:veth-u5")->hairpin);
	is_interface(&p, "u6:eth0",
		     "eth0 32 veth 02:42:ac:12:00:03 172.18.0.3/16");
	assert_string_equal(setting_of(&p, "host",
				       "net/ipv4/conf/br-a/route_localnet"),
			    "1");
	assert_string_equal(setting_of(&p, "other",
				       "net/ipv4/conf/br-old/route_localnet"),
			    "");
	/* A host's own settings come after Docker's */
	assert_string_equal(setting_of(&p, "host",
				       "net/bridge/bridge-nf-call-iptables"),
			    "0");
	planned_done(&p);
}

/* The lab behind a step; 0: as it is built */
static const struct plan *state_of(const struct planned *p, unsigned int step)
{
	const struct plan *plan = &p->plan;

	while (step && plan && plan->next_step + 1 <= step && plan->next)
		plan = plan->next;
	return plan;
}

/* All interfaces of a living node: "eth0 32 10.1.0.2/24, ..."; "-": not there */
static void is_state(const struct planned *p, unsigned int step,
		     const char *name, const char *expected)
{
	const struct plan *plan = state_of(p, step);
	int number = plan_node_find(plan, name);
	char text[PREFIX_TEXT_SIZE], *got;
	const struct plan_interface *i;
	const struct plan_route *way;
	size_t size, k;
	FILE *out = open_memstream(&got, &size);

	if (number < 0)
		fputc('-', out);
	for (k = 0; number >= 0 && k < plan->nodes[number].interface_count;
	     k++) {
		i = &plan->nodes[number].interfaces[k];
		fprintf(out, "%s%s %u", k ? ", " : "", i->name, i->ifindex);
		if (i->address_count)
			fprintf(out, " %s",
				prefix_format(&i->addresses[0].ip,
					      i->addresses[0].length, text));
	}
	for (k = 0; number >= 0 && k < plan->nodes[number].route_count; k++) {
		way = &plan->nodes[number].routes[k];
		fprintf(out, " via %s", ip_format(&way->via, text));
	}
	fclose(out);
	if (strcmp(got, expected) != 0)
		fail_msg("%s behind step %u is \"%s\", not \"%s\"", name, step,
			 got, expected);
	free(got);
}

static const char changes[] =
	"networks:\n"
	"  - {name: net-b, subnet: 10.2.0.0/24}\n"
	"  - {name: net-a, subnet: 10.1.0.0/24}\n"
	"  - {name: aa, subnet: 10.3.0.0/24, internal: true}\n"
	"nodes:\n"
	"  - {name: one, network: net-a}\n"
	"  - {name: two, network: net-b, interfaces: [{name: eth0, mtu: 1300}]}\n"
	"  - {name: far}\n"
	"  - {name: guest, network: 'container:one'}\n"
	"links: [{endpoints: ['two:eth1', 'far:eth0']}]\n"
	"steps:\n"
	/* 1 */
	"  - connect: {node: two, network: net-a}\n"
	"  - connect: {node: two, network: aa}\n"
	"  - disconnect: {node: two, network: net-a}\n"
	/* 4 */
	"  - create: {name: new, network: net-a}\n"
	"  - connect: {node: two, network: net-a, address: 10.1.0.77, mac: '02:00:00:00:00:07'}\n"
	"  - disconnect: {node: two, network: net-b}\n"
	/* 7 */
	"  - remove: {node: one}\n"
	"  - ping: {from: two, to: new}\n"
	"  - create: {name: one, networks: [{name: net-b}, {name: net-a}]}\n"
	/* 10 */
	"  - remove: {node: far}\n"
	"  - create: {name: guest2, network: 'container:one'}\n"
	"  - create: {name: far, network: net-a}\n";

static void test_changes(void **state)
{
	const struct plan *plan, *last;
	struct planned p;
	int one, guest;

	(void)state;
	planned_init(&p, changes);
	assert_int_equal(p.result, 0);
	is_state(&p, 0, "one", "eth0 32 10.1.0.2/24 via 10.1.0.1");
	/* eth1 is the end of a cable */
	is_state(&p, 0, "two", "eth0 32 10.2.0.2/24, eth1 33 via 10.2.0.1");
	is_state(&p, 1, "two",
		 "eth1 33, eth0 32 10.2.0.2/24, eth2 34 10.1.0.3/24 via 10.1.0.1");
	is_state(&p, 2, "two",
		 "eth1 33, eth0 32 10.2.0.2/24, eth2 34 10.1.0.3/24, "
		 "eth3 35 10.3.0.2/24 via 10.1.0.1");
	is_state(&p, 3, "two",
		 "eth1 33, eth0 32 10.2.0.2/24, eth3 35 10.3.0.2/24 via 10.2.0.1");
	/* What was freed is the lowest free one */
	is_state(&p, 4, "new", "eth0 32 10.1.0.3/24 via 10.1.0.1");
	is_state(&p, 3, "new", "-");
	is_state(&p, 6, "two",
		 "eth1 33, eth3 35 10.3.0.2/24, eth4 36 10.1.0.77/24 via 10.1.0.1");
	is_state(&p, 7, "one", "-");
	is_state(&p, 8, "one", "-");
	/* The default route does not hang on the order of connecting */
	is_state(&p, 9, "one",
		 "eth0 32 10.2.0.2/24, eth1 33 10.1.0.2/24 via 10.1.0.1");
	/* With its node a cable goes */
	is_state(&p, 9, "far", "eth0 32");
	is_state(&p, 10, "two",
		 "eth3 35 10.3.0.2/24, eth4 36 10.1.0.77/24 via 10.1.0.1");
	is_state(&p, 12, "far", "eth0 32 10.1.0.4/24 via 10.1.0.1");

	/* Who lived in the namespace of one stays there */
	one = plan_node_find(&p.plan, "one");
	guest = plan_node_find(&p.plan, "guest");
	last = state_of(&p, 12);
	assert_int_equal(last->node_count, p.plan.node_count);
	assert_null(last->next);
	assert_int_equal(last->nodes[guest].shares, one);
	assert_true(last->nodes[one].absent);
	assert_int_equal(last->nodes[one].interface_count, 0);
	assert_int_not_equal(plan_node_find(last, "one"), one);
	assert_int_equal(last->nodes[plan_node_find(last, "guest2")].shares,
			 plan_node_find(last, "one"));

	/* In the order of connecting, and another one under the same name */
	plan = state_of(&p, 6);
	assert_int_equal(plan->endpoint_count, 4);
	assert_int_equal(plan->endpoints[1].node, plan_node_find(plan, "two"));
	assert_int_equal(plan->endpoints[3].node, plan_node_find(plan, "two"));
	assert_int_equal(plan->endpoints[3].ifindex, 36);
	assert_int_equal(plan->endpoints[3].mac[5], 7);
	assert_string_not_equal(p.plan.endpoints[0].id,
				last->endpoints[last->endpoint_count - 2].id);
	planned_done(&p);
}

/* "vxlan0 02:... 10.0.0.2 10.100.0.2; ": entries and neighbours, as pairs */
static void are_peers(const struct planned *p, const char *name,
		      const char *expected)
{
	const struct plan_node *node =
		&p->plan.nodes[plan_node_find(&p->plan, name)];
	char mac[MAC_TEXT_SIZE], dst[IP_TEXT_SIZE], ip[IP_TEXT_SIZE];
	char *text;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(node->fdb_count, node->neighbor_count);
	for (i = 0; i < node->fdb_count; i++) {
		assert_memory_equal(node->fdb[i].mac, node->neighbors[i].mac,
				    6);
		assert_int_equal(node->fdb[i].ifindex,
				 node->neighbors[i].ifindex);
		fprintf(out, "%u %s %s %s; ", node->fdb[i].ifindex,
			mac_format(node->fdb[i].mac, mac),
			ip_format(&node->fdb[i].dst, dst),
			ip_format(&node->neighbors[i].ip, ip));
	}
	fclose(out);
	if (strcmp(text, expected) != 0)
		fail_msg("%s has \"%s\", not \"%s\"", name, text, expected);
	free(text);
}

static const char overlays[] =
	"networks:\n"
	"  - {name: ov1, driver: overlay, subnet: 10.100.0.0/24}\n"
	"  - {name: ov2, driver: overlay, vni: 4098, ipam: [\n"
	"     {subnet: 10.200.0.0/24}, {subnet: 10.201.0.0/24}]}\n"
	"  - {name: ov3, driver: overlay, mtu: 1400, internal: true}\n"
	"  - {name: way, on: host2, subnet: 192.168.7.0/24}\n"
	"nodes:\n"
	"  - name: host1\n"
	"    interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]\n"
	"  - name: host2\n"
	"    docker: {advertise_addr: 10.0.0.7}\n"
	"    interfaces: [{name: eth0, addresses: [10.0.0.2/24, 10.0.0.7/24]}]\n"
	"  - {name: o1, network: ov1, on: host1}\n"
	"  - {name: o2, networks: [{name: ov1}, {name: ov2}], on: host2}\n"
	"  - {name: o3, networks: [{name: ov2, address: 10.201.0.9}], on: host1}\n"
	"  - {name: o4, networks: [{name: ov1}, {name: way}], on: host2}\n"
	"  - {name: o5, networks: [{name: way}, {name: ov1}], on: host2}\n"
	"  - {name: o6, network: ov3, on: host1}\n"
	"links: [{endpoints: ['host1:eth0', 'host2:eth0']}]\n";

static void test_overlay(void **state)
{
	const struct plan_node *node;
	struct planned p;

	(void)state;
	planned_init(&p, overlays);
	assert_int_equal(p.result, 0);
	/* A host's first container, then its load balancer */
	is_interface(&p, "o1:eth0",
		     "eth0 32 veth 02:42:0a:64:00:02 mtu 1450 10.100.0.2/24");
	is_interface(&p, "lb_ov1.host1:eth0",
		     "eth0 32 veth 02:42:0a:64:00:03 mtu 1450 10.100.0.3/24");
	is_interface(&p, "o2:eth0",
		     "eth0 32 veth 02:42:0a:64:00:04 mtu 1450 10.100.0.4/24");
	is_interface(&p, "lb_ov1.host2:eth0",
		     "eth0 32 veth 02:42:0a:64:00:05 mtu 1450 10.100.0.5/24");
	/* The way out is behind the first overlay, and others come after */
	is_interface(&p, "o2:eth1",
		     "eth1 33 veth 02:42:ac:12:00:03 172.18.0.3/16");
	is_interface(&p, "o2:eth2",
		     "eth2 34 veth 02:42:0a:c8:00:02 mtu 1450 10.200.0.2/24");
	is_interface(&p, "o3:eth0",
		     "eth0 32 veth 02:42:0a:c9:00:09 mtu 1450 10.201.0.9/24");
	is_interface(&p, "o1:eth1",
		     "eth1 33 veth 02:42:ac:12:00:03 172.18.0.3/16");
	is_interface(&p, "o3:eth1",
		     "eth1 33 veth 02:42:ac:12:00:04 172.18.0.4/16");
	/* It was there until another network led out, or was not needed */
	assert_null(interface_of(&p, "o4:eth1"));
	is_interface(&p, "o4:eth2",
		     "eth2 33 veth 02:42:c0:a8:07:02 192.168.7.2/24");
	is_interface(&p, "o5:eth1",
		     "eth1 33 veth 02:42:0a:64:00:07 mtu 1450 10.100.0.7/24");
	assert_null(interface_of(&p, "o5:eth2"));
	assert_null(interface_of(&p, "o6:eth1"));
	is_interface(&p, "o6:eth0",
		     "eth0 32 veth 02:42:0a:00:01:02 mtu 1400 10.0.1.2/24");

	is_interface(&p, "1-ov2.host1:br1",
		     "br1 34 bridge 02:42:eb:97:71:14 mtu 1450 10.201.0.1/24");
	is_interface(&p, "1-ov1.host1:vxlan0",
		     "vxlan0 33 vxlan 02:86:66:24:2e:20 mtu 1450 master 32 "
		     "vni 4097 by node 0");
	is_interface(&p, "1-ov2.host1:vxlan1",
		     "vxlan1 35 vxlan 02:79:47:31:fc:f4 mtu 1450 master 34 "
		     "vni 4099 by node 0");
	is_interface(&p, "1-ov3.host1:vxlan0",
		     "vxlan0 33 vxlan 02:46:bd:3f:aa:40 mtu 1400 master 32 "
		     "vni 4100 by node 0");
	are_peers(&p, "1-ov1.host1",
		  "33 02:42:0a:64:00:04 10.0.0.7 10.100.0.4; "
		  "33 02:42:0a:64:00:05 10.0.0.7 10.100.0.5; "
		  "33 02:42:0a:64:00:06 10.0.0.7 10.100.0.6; "
		  "33 02:42:0a:64:00:07 10.0.0.7 10.100.0.7; ");
	are_peers(&p, "1-ov1.host2",
		  "33 02:42:0a:64:00:02 10.0.0.1 10.100.0.2; "
		  "33 02:42:0a:64:00:03 10.0.0.1 10.100.0.3; ");
	are_peers(&p, "1-ov2.host2",
		  "35 02:42:0a:c9:00:09 10.0.0.1 10.201.0.9; "
		  "33 02:42:0a:c8:00:04 10.0.0.1 10.200.0.4; ");
	are_peers(&p, "1-ov3.host1", "");
	assert_string_equal(setting_of(&p, "1-ov2.host1",
				       "net/ipv4/ip_forward"), "1");

	/* To the other subnet by its own's gateway, and out by the bridge */
	node = &p.plan.nodes[plan_node_find(&p.plan, "o3")];
	assert_int_equal(node->route_count, 2);
	assert_int_equal(ntohl(node->routes[0].via.v4.s_addr), 0x0ac90001);
	assert_int_equal(ntohl(node->routes[0].to.v4.s_addr), 0x0ac80000);
	assert_int_equal(ntohl(node->routes[1].via.v4.s_addr), 0xac120001);
	node = &p.plan.nodes[plan_node_find(&p.plan, "o6")];
	assert_int_equal(node->route_count, 0);
	node = &p.plan.nodes[plan_node_find(&p.plan, "o4")];
	assert_int_equal(ntohl(node->routes[0].via.v4.s_addr), 0xc0a80701);
	planned_done(&p);
}

/* A swarm gives an address again only when all others have had their turn; and
 * the way out comes and goes as it is needed */
static void test_overlay_changes(void **state)
{
	static const char text[] =
		"networks:\n"
		"  - {name: ov, driver: overlay, subnet: 10.9.0.0/29}\n"
		"  - {name: way, subnet: 192.168.7.0/24}\n"
		"nodes:\n"
		"  - {name: host}\n"
		"  - {name: a, network: ov}\n"
		"  - {name: b, network: ov}\n"
		"steps:\n"
		"  - remove: {node: b}\n"
		"  - create: {name: c, network: ov}\n"
		"  - remove: {node: c}\n"
		"  - create: {name: d, networks: [{name: ov, address: 10.9.0.4}]}\n"
		"  - create: {name: e, network: ov}\n"
		"  - remove: {node: d}\n"
		"  - create: {name: f, network: ov}\n"
		"  - connect: {node: a, network: way}\n"
		"  - disconnect: {node: a, network: ov}\n"
		"  - disconnect: {node: a, network: way}\n"
		"  - connect: {node: a, network: ov}\n";
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	is_state(&p, 0, "a",
		 "eth0 32 10.9.0.2/29, eth1 33 172.18.0.3/16 via 172.18.0.1");
	is_state(&p, 0, "lb_ov.host", "eth0 32 10.9.0.3/29");
	is_state(&p, 0, "b",
		 "eth0 32 10.9.0.4/29, eth1 33 172.18.0.4/16 via 172.18.0.1");
	is_state(&p, 2, "c",
		 "eth0 32 10.9.0.5/29, eth1 33 172.18.0.4/16 via 172.18.0.1");
	/* An address that is asked for changes nothing */
	is_state(&p, 5, "e",
		 "eth0 32 10.9.0.6/29, eth1 33 172.18.0.5/16 via 172.18.0.1");
	is_state(&p, 7, "f",
		 "eth0 32 10.9.0.4/29, eth1 33 172.18.0.4/16 via 172.18.0.1");
	is_state(&p, 8, "a",
		 "eth0 32 10.9.0.2/29, eth2 34 192.168.7.2/24 via 192.168.7.1");
	is_state(&p, 9, "a", "eth2 34 192.168.7.2/24 via 192.168.7.1");
	is_state(&p, 10, "a", "");
	is_state(&p, 11, "a",
		 "eth3 35 10.9.0.5/29, eth4 36 172.18.0.3/16 via 172.18.0.1");
	planned_done(&p);
}

/* One mistake each: what is told, and where */
static const struct mistake {
	const char *text;
	unsigned int line, column;
	const char *problem;
	size_t told;			/* 0: this one alone */
} mistakes[] = {
	{ "nodes:\n  - {name: a, interfaces: [{name: eth0}]}\n", 2, 35,
	  "nothing makes interface eth0: no link names it and it has no kind" },
	{ "nodes:\n  - {name: a, interfaces: [{name: e, kind: veth}]}\n", 2,
	  35, "nothing makes interface e: no link names it" },
	{ "nodes:\n  - {name: a, interfaces: [{name: b, kind: bridge,\n"
	  "     ports: [p]}]}\n", 3, 14,
	  "nothing makes interface p on a: no link names it and it has no entry" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: bridge, ports: [p]},\n"
	  "     {name: c, kind: bridge, ports: [p]}]}\n"
	  "  - {name: z}\nlinks: [{endpoints: ['a:p', 'z:p']}]\n", 4, 38,
	  "p is a port of b already" },
	{ "nodes:\n  - {name: a, interfaces: [{name: b, kind: bridge,\n"
	  "     ports: [b]}]}\n", 3, 14, "b can't be a port of b" },
	{ "nodes:\n  - {name: a, interfaces: [{name: b, kind: dummy,\n"
	  "     ports: [b]}]}\n", 2, 28,
	  "b can't have ports: only a bridge, an openvswitch, a bond or a vrf" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: bridge, ports: [p]},\n"
	  "     {name: c, kind: openvswitch, ports: [p]}]}\n"
	  "  - {name: z}\nlinks: [{endpoints: ['a:p', 'z:p']}]\n", 4, 43,
	  "p is a port of b already" },
	{ "networks:\n  - {name: n, subnet: 0.0.0.0/0}\n"
	  "nodes: [{name: a, network: n}]\n", 2, 23,
	  "no network can have the subnet 0.0.0.0/0: 0.0.0.0/8 is nobody's" },
	{ "networks:\n  - {name: n, subnet: 127.5.0.0/16}\n"
	  "nodes: [{name: a, network: n}]\n", 2, 23,
	  "no network can have the subnet 127.5.0.0/16: 127.0.0.0/8 is for lo" },
	{ "networks:\n  - {name: n, subnet: 239.0.0.0/24}\n"
	  "nodes: [{name: a, network: n}]\n", 2, 23,
	  "no network can have the subnet 239.0.0.0/24: "
	  "224.0.0.0/4 is for multicast" },
	{ "networks:\n  - {name: n, ipv6: true, ipam: [\n"
	  "     {subnet: \"fe80::/64\"}]}\n"
	  "nodes: [{name: a, network: n}]\n", 3, 15,
	  "no network can have the subnet fe80::/64: "
	  "fe80::/10 is what each interface has by itself" },
	{ "networks:\n  - {name: n, ipv6: true, mtu: 1000, ipam: [\n"
	  "     {subnet: \"fd00::/64\"}]}\n"
	  "nodes: [{name: a, network: n}]\n", 2, 32,
	  "IPv6 needs an mtu of at least 1280, network n has 1000" },
	{ "networks: [{name: n}]\nnodes:\n  - {name: a, networks: [\n"
	  "     {name: n, mac: \"01:00:00:00:00:01\"}]}\n", 4, 21,
	  "the MAC of an interface is no multicast address "
	  "(its first byte is even)" },
	{ "networks: [{name: n, subnet: 172.17.0.0/16}]\nnodes:\n"
	  "  - {name: a, network: bridge}\n", 3, 24,
	  "the subnet of network bridge overlaps with that of n" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: openvswitch, ports: [t]},\n"
	  "     {name: t, kind: tun}]}\n", 3, 43,
	  "t can't be a port of b" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: openvswitch},\n"
	  "     {name: c, kind: openvswitch, ports: [b]}]}\n", 4, 43,
	  "b can't be a port of c" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: openvswitch},\n"
	  "     {name: ovs-netdev, kind: tap}]}\n", 4, 6,
	  "ovs-netdev is what Open vSwitch calls its own interface" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: openvswitch, vlan: 5}]}\n", 3, 41,
	  "`vlan` means nothing to b, which is an openvswitch" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: openvswitch, ports: [p]},\n"
	  "     {name: p, kind: dummy, isolated: true}]}\n", 4, 39,
	  "only the port of a bridge can be isolated" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: dummy, addresses: [10.0.0.1/24]},\n"
	  "     {name: c, kind: dummy, addresses: [10.0.0.1/24]}]}\n", 4, 41,
	  "a has the address 10.0.0.1 already" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: b, kind: dummy, addresses: [224.0.0.1/24]}]}\n", 3, 41,
	  "224.0.0.1 is no address that an interface can have" },
	{ "nodes:\n  - {name: a, interfaces: [{name: v, kind: vxlan}]}\n", 2,
	  28, "vxlan v needs `vni`" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: macvlan}]}\n",
	  2, 28, "macvlan m needs `parent`" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: macvlan,\n"
	  "     parent: x}]}\n", 3, 14, "a has no interface x" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: dummy,\n"
	  "     vni: 7}]}\n", 3, 11,
	  "`vni` means nothing to m, which is a dummy" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: dummy,\n"
	  "     isolated: true}]}\n", 3, 16,
	  "only the port of a bridge can be isolated" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: dummy,\n"
	  "     mac: '03:00:00:00:00:01'}]}\n", 3, 11,
	  "the MAC of an interface is no multicast address (its first byte is even)" },
	{ "nodes:\n  - {name: a, interfaces: [{name: m, kind: dummy,\n"
	  "     mtu: 1000, ipv6: true}]}\n", 3, 11,
	  "IPv6 needs an mtu of at least 1280, m has 1000" },
	{ "nodes:\n  - {name: a, interfaces: [\n"
	  "     {name: m, kind: macvlan, parent: n},\n"
	  "     {name: n, kind: macvlan, parent: m}]}\n", 3, 6,
	  "m stands on more than 8 other interfaces, or on itself", .told = 2 },
	{ "nodes: [{name: a}, {name: b}, {name: c}]\nlinks:\n"
	  "  - endpoints: ['a:x', 'b:x']\n  - endpoints: ['a:x', 'c:x']\n", 4,
	  17, "another link has a:x at its end already" },
	{ "nodes: [{name: a}]\nlinks:\n  - endpoints: ['a:x', 'a:x']\n", 3, 24,
	  "a cable has two ends, and these are the same" },
	{ "nodes: [{name: a}, {name: b}]\nlinks:\n  - endpoints: ['a:x']\n", 3,
	  5, "a link has two endpoints, not 1" },
	{ "nodes: [{name: a}, {name: b, interfaces: [{name: x, kind: dummy}]}]\n"
	  "links:\n  - endpoints: ['a:x', 'b:x']\n", 3, 24,
	  "b:x has a kind of its own, and a link makes a veth" },
	{ "nodes: [{name: a}, {name: b, netns: 'pid:1'}]\nlinks:\n"
	  "  - endpoints: ['a:x', 'b:x']\n", 3, 24,
	  "b is adopted (netns) and never configured: no link can end there" },
	{ "nodes: [{name: b, netns: 'pid:1', forward: true}]\n", 1, 9,
	  "b is adopted (netns) and never configured: it can't have `forward`" },
	{ "nodes: [{name: a, routes: [{to: 10.0.0.0/8}]}]\n", 1, 28,
	  "a route needs `via`, `dev` or both" },
	{ "nodes: [{name: a, routes: [{to: 10.0.0.0/8, dev: x}]}]\n", 1, 50,
	  "a has no interface x" },
	{ "nodes: [{name: a, routes: [{to: 'fd00::/8', via: 10.0.0.1}]}]\n", 1,
	  50, "`to` is IPv6, so `via` can't be IPv4" },
	{ "nodes: [{name: a, neighbors: [{address: 10.0.0.1,\n"
	  "  mac: '02:00:00:00:00:01'}]}]\n", 1, 41,
	  "10.0.0.1 is in no subnet of a: say on which interface it is (`dev`)" },
	{ "nodes:\n  - {name: a, network: 'container:b'}\n"
	  "  - {name: b, network: 'container:a'}\n", 2, 24,
	  "a shares its own network namespace, in a circle" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24}\n"
	  "  - {name: m, subnet: 10.0.0.128/25}\n", 3, 23,
	  "the subnet of network m overlaps with that of n" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24, gateway: 10.0.1.1}\n",
	  2, 45, "10.0.1.1 is no address of network n (10.0.0.0/24)" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24, ip_range: 10.0.0.0/16}\n",
	  2, 46, "the ip_range is not within the subnet 10.0.0.0/24" },
	{ "networks: [{name: n, driver: macvlan}]\nnodes: [{name: host}]\n", 1,
	  12, "macvlan network n needs `parent`, an interface of host" },
	{ "networks: [{name: n, driver: macvlan, parent: eth1}]\n"
	  "nodes: [{name: host}]\n", 1, 47,
	  "host has no interface eth1 that network n could stand on" },
	{ "networks: [{name: n, driver: macvlan, parent: lo}]\n"
	  "nodes: [{name: host}]\n", 1, 47,
	  "loopback interface is not a valid macvlan parent link" },
	{ "networks:\n  - {name: n, driver: macvlan, parent: d}\n"
	  "  - {name: m, driver: macvlan, parent: d}\n"
	  "nodes: [{name: host, interfaces: [{name: d, kind: dummy}]}]\n", 3,
	  40, "network n is already using parent interface d" },
	{ "networks: [{name: n, driver: macvlan, parent: d, mode: vepa}]\n"
	  "nodes: [{name: host, interfaces: [{name: d, kind: dummy}]}]\n", 1,
	  56, "a network's macvlans are of mode bridge or private" },
	{ "networks: [{name: n, driver: macvlan, parent: d, bridge: b}]\n"
	  "nodes: [{name: host, interfaces: [{name: d, kind: dummy}]}]\n", 1,
	  58, "`bridge` means nothing to a network of driver macvlan" },
	{ "networks: [{name: n, parent: d}]\n"
	  "nodes: [{name: host, interfaces: [{name: d, kind: dummy}]}]\n", 1,
	  30, "`parent` means nothing to a network of driver bridge" },
	{ "networks:\n  - {name: n, driver: macvlan, parent: d}\n"
	  "  - {name: m, driver: macvlan, parent: d, on: c}\n"
	  "nodes:\n"
	  "  - {name: host, network: m, interfaces: [{name: d, kind: dummy}]}\n"
	  "  - {name: c, network: n, interfaces: [{name: d, kind: dummy}]}\n", 6,
	  24, "c stands on host, which stands on it by another network" },
	{ "networks: [{name: n, driver: macvlan, parent: d}]\nnodes:\n"
	  "  - {name: host, interfaces: [{name: d, kind: dummy}]}\n"
	  "  - {name: c, network: n, interfaces: [{name: eth0, mode: vepa}]}\n",
	  4, 59, "`mode` means nothing to eth0, which is a macvlan" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address: 10.0.1.1}]}\n", 3, 45,
	  "10.0.1.1 is no address of network n (10.0.0.0/24)" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address: 10.0.0.1}]}\n", 3, 45,
	  "10.0.0.1 is the gateway of network n" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address: 10.0.0.9}]}\n"
	  "  - {name: b, networks: [{name: n, address: 10.0.0.9}]}\n", 4, 45,
	  "10.0.0.9 is taken in network n already" },
	{ "networks: [{name: n, subnet: 10.0.0.0/30}]\nnodes:\n"
	  "  - {name: a, count: 5, network: n}\n", 3, 34,
	  "no address is left in network n (10.0.0.0/30) for a2" },
	{ "networks: [{name: n}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n}, {name: n}]}\n", 3, 44,
	  "a is in network n already" },
	{ "networks: [{name: n}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n}, {name: host}]}\n", 3, 44,
	  "host is no network among others: write `network: host`" },
	{ "networks: [{name: n}]\n"
	  "nodes: [{name: h2}, {name: a, network: n, on: h2}]\n", 2, 47,
	  "network n is on host" },
	{ "nodes: [{name: h2}, {name: a, on: h2}]\n", 1, 35,
	  "`on` goes with a network" },
	{ "networks: [{name: n}]\n"
	  "nodes: [{name: a, network: n, networks: [{name: n}]}]\n", 2, 28,
	  "either `network` or `networks`" },
	{ "networks:\n  - {name: n, ip_range: 10.0.0.0/24}\n", 2, 25,
	  "every ip_range, gateway or aux address must have a corresponding subnet" },
	{ "networks:\n  - {name: n, aux_addresses: [{address: 10.0.0.1}]}\n", 2, 41,
	  "every ip_range, gateway or aux address must have a corresponding subnet" },
	{ "networks:\n  - {name: n, gateway: 10.0.0.1, ipam: [{subnet: 10.0.0.0/24}]}\n",
	  2, 24, "either `ipam` or `subnet` and what goes with it" },
	{ "networks:\n  - {name: n, ipam: [{subnet: 10.0.0.0/24}, {subnet: 10.1.0.0/24}]}\n",
	  2, 54,
	  "the bridge driver doesn't support multiple subnets of a family: network n has one already" },
	{ "networks:\n  - {name: n, driver: macvlan, parent: d, ipam: [\n"
	  "     {subnet: 10.0.0.0/24}, {subnet: 10.0.0.128/25}]}\n"
	  "nodes: [{name: host, interfaces: [{name: d, kind: dummy}]}]\n", 3, 38,
	  "multiple overlapping subnet configuration is not supported (network n)" },
	{ "networks:\n  - {name: n, ipv6: true, subnet: 10.0.0.0/24}\n", 2, 21,
	  "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network n: give it an IPv6 subnet (`ipam`)" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24, aux_addresses: [\n"
	  "     {address: 10.0.0.9}, {address: 10.0.0.9}]}\n", 3, 37,
	  "10.0.0.9 is taken in network n already" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24, aux_addresses: [\n"
	  "     {address: 10.0.0.1}]}\n", 3, 16,
	  "10.0.0.1 is the gateway of network n" },
	{ "networks:\n  - {name: n, subnet: 10.0.0.0/24, aux_addresses: [\n"
	  "     {address: 10.0.1.1}]}\n", 3, 16,
	  "10.0.1.1 is no address of network n (10.0.0.0/24)" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address: 'fd00::1'}]}\n", 3, 45,
	  "fd00::1 is an IPv6 address: `address6` is for it" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address6: 'fd00::1'}]}\n", 3, 46,
	  "network n has no IPv6 addresses" },
	{ "networks: [{name: n}]\nnodes:\n"
	  "  - {name: a, networks: [{name: n, address: 172.18.0.9}]}\n", 3, 45,
	  "user specified IP address is supported only when connecting to networks with user configured subnets: network n says no `subnet`" },
	{ "nodes:\n  - {name: a, networks: [{name: bridge, address: 172.17.0.9}]}\n",
	  2, 50,
	  "user specified IP address is supported on user defined networks only" },
	{ PUBLISHES("['80:80', '90:90']", "['80:81']"), 4, 37,
	  "bind for 0.0.0.0:80 failed: port is already allocated, to a (line 3)" },
	{ PUBLISHES("['80:80']", "['127.0.0.1:80:81']"), 4, 37,
	  "bind for 127.0.0.1:80 failed: port is already allocated, to a (line 3)" },
	{ PUBLISHES("['8000-8010:8000-8010/udp', '8005:1/udp']", "[]"), 3, 64,
	  "bind for 0.0.0.0:8005 failed: port is already allocated, to itself (line 3)" },
	{ PUBLISHES("['80:80', '80:80/udp', '127.0.0.1:90:1', '127.0.0.2:90:2']",
		    "['192.168.1.2:100:1']"), 4, 37,
	  "bind for 192.168.1.2:100 failed: cannot assign requested address: host does not have it" },
	{ PUBLISHES("['1-65535:1-65535']", "['65535:1']"), 4, 37,
	  "bind for 0.0.0.0:65535 failed: port is already allocated, to a (line 3)" },
	{ PUBLISHES("['100-101:100-101']", "['100-101:1']"), 4, 37,
	  "all ports are allocated: none is left on host" },
	{ "networks: [{name: n}]\nnodes:\n"
	  "  - {name: c, count: 2, network: n, publish: ['80:80']}\n", 3, 47,
	  "bind for 0.0.0.0:80 failed: port is already allocated, to c1 (line 3)" },
	{ "nodes:\n  - {name: a, network: bridge}\n"
	  "  - {name: b, network: 'container:a', publish: ['80:80']}\n", 3, 49,
	  "conflicting options: port publishing and the container type network mode" },
	{ "nodes:\n  - {name: a, publish: ['80:80']}\n", 2, 25,
	  "`publish` is for containers: a is in no network" },
	{ "nodes:\n  - {name: a, netns: 'pid:1', publish: ['80:80']}\n", 2, 41,
	  "a is adopted (netns) and never configured: it can't have `publish`" },
	{ "nodes:\n  - {name: a, netns: 'pid:1', docker: {icc: false}}\n", 2, 39,
	  "`docker` is for a node that has its own network namespace" },
	{ "networks: [{name: n, driver: macvlan, parent: p}]\nnodes:\n"
	  "  - {name: host, interfaces: [{name: b, kind: bridge, ports: [p]}]}\n"
	  "  - {name: a, network: n}\n"
	  "links: [{endpoints: ['host:p', 'a:x']}]\n", 4, 24,
	  "eth0 can't stand on p of host, which is a port of b" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes: [{name: a, network: n}, {name: b, netns: 1-n.host,\n"
	  "  routes: [{to: default, via: 10.0.0.1}]}]\n", 2, 32,
	  "b is adopted (netns) and never configured: it can't have `routes`" },
	{ "networks: [{name: docker_gwbridge}, {name: n, driver: overlay}]\n"
	  "nodes: [{name: a, network: n}]\n", 1, 19,
	  "network docker_gwbridge is made by itself, where overlays need it" },
	{ "networks: [{name: n, driver: overlay, internal: true}]\n"
	  "nodes: [{name: host}, {name: a, network: n}]\n"
	  "steps: [{remove: {node: host}}]\n", 3, 25,
	  "host carries networks: it can't be removed" },
	{ "networks: [{name: n, driver: macvlan, parent: d, on: h}]\n"
	  "nodes: [{name: h, interfaces: [{name: d, kind: dummy}]}]\n"
	  "steps: [{remove: {node: h}}]\n", 3, 25,
	  "h carries networks: it can't be removed" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes: [{name: a, network: n, on: a}]\n", 2, 28,
	  "a carries network n itself" },
	{ "networks: [{name: n, driver: overlay, on: a}]\nnodes: [{name: a}]\n",
	  1, 43, "`on` means nothing to a network of driver overlay" },
	{ "networks:\n  - {name: n, driver: overlay, vni: 5000}\n"
	  "  - {name: m, driver: overlay, vni: 5000}\n", 3, 37,
	  "subnet 1 of network m would have the vni 5000, which is not free" },
	{ "networks: [{name: n, driver: overlay, vni: 16777215, ipam: [\n"
	  "  {subnet: 10.1.0.0/24}, {subnet: 10.2.0.0/24}]}]\n", 1, 44,
	  "subnet 2 of network n would have the vni 16777216, which is not free" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes: [{name: a, netns: 'pid:1'}, {name: c, network: n, on: a}]\n",
	  2, 62,
	  "a is adopted (netns) and never configured: it can't carry network n" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes: [{name: a, network: host}, {name: c, network: n, on: a}]\n",
	  2, 61, "a lives in the namespace of host: network n is `on` that one" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes:\n  - {name: a, interfaces: [{name: d, kind: dummy,\n"
	  "     addresses: [10.9.0.1/24]}]}\n"
	  "  - {name: c, network: n, on: a}\n  - {name: d, network: n}\n", 6, 5,
	  "network n is on several hosts, and host has no IPv4 address by which the others find it" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes:\n  - {name: a, interfaces: [{name: d, kind: dummy,\n"
	  "     addresses: [10.8.0.1/24, 10.9.0.1/24]}]}\n"
	  "  - {name: b, interfaces: [{name: d, kind: dummy,\n"
	  "     addresses: [10.8.0.2/24, 10.9.0.2/24]}],\n"
	  "     docker: {advertise_addr: 10.9.0.2}}\n"
	  "  - {name: c, network: n, on: a}\n"
	  "  - {name: d, network: n, on: b}\n", 8, 31,
	  "could not choose an IP address by which other hosts of network n find a, which has several: say it (`docker: {advertise_addr: ADDRESS}`)" },
	{ "networks: [{name: n, driver: overlay}]\n"
	  "nodes:\n  - {name: a, docker: {advertise_addr: 10.9.0.2},\n"
	  "     interfaces: [{name: d, kind: dummy, addresses: [10.9.0.1/24]}]}\n"
	  "  - {name: b,\n"
	  "     interfaces: [{name: d, kind: dummy, addresses: [10.9.0.3/24]}]}\n"
	  "  - {name: c, network: n, on: a}\n"
	  "  - {name: d, network: n, on: b}\n", 3, 40,
	  "a has no address 10.9.0.2" },
	{ "networks: [{name: n, driver: overlay}, {name: m, on: a}]\n"
	  "nodes:\n  - {name: a}\n"
	  "  - {name: c, networks: [{name: n}, {name: m}]}\n", 4, 44,
	  "network m is on a, and c on host" },
	{ "networks: [{name: n, on: a}]\nnodes: [{name: a, netns: 'pid:1'}]\n",
	  1, 26,
	  "a is adopted (netns) and never configured: it can't carry network n" },
	{ "networks: [{name: n, bridge: b}]\n"
	  "nodes: [{name: host, interfaces: [{name: b, kind: dummy}]}]\n", 1, 12,
	  "host has an interface b already, which network n needs for its bridge" },
	{ "networks: [{name: n}]\n"
	  "nodes: [{name: c, count: 1100, network: n}]\n", 1, 12,
	  "a bridge has at most 1023 ports, and network n needs more" },
	{ "nodes: [{name: c, count: 4096}, {name: d, count: 4096},\n"
	  " {name: e, count: 4096}, {name: f, count: 4096},\n"
	  " {name: g, count: 4096}, {name: h, count: 4096},\n"
	  " {name: i, count: 4096}, {name: j, count: 4096},\n"
	  " {name: k, count: 4096}, {name: l, count: 4096},\n"
	  " {name: m, count: 4096}, {name: n, count: 4096},\n"
	  " {name: o, count: 4096}, {name: p, count: 4096},\n"
	  " {name: q, count: 4096}, {name: r, count: 4096},\n"
	  " {name: s}]\n", 0, 0, "more than 65536 nodes in all" },
	{ "networks: [{name: n}, {name: m}]\nnodes: [{name: a, network: n}]\n"
	  "steps:\n  - connect: {node: a, network: n}\n", 4, 33,
	  "a is in network n already" },
	{ "networks: [{name: n}, {name: m}]\nnodes: [{name: a, network: n}]\n"
	  "steps:\n  - disconnect: {node: a, network: m}\n", 4, 36,
	  "a is not connected to network m" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: n}]\nsteps:\n"
	  "  - disconnect: {node: a, network: n}\n"
	  "  - disconnect: {node: a, network: n}\n", 5, 36,
	  "a is not connected to network n" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\nnodes: [{name: a}]\n"
	  "steps:\n  - connect: {node: a, network: n, address: 10.9.0.1}\n",
	  4, 45, "10.9.0.1 is no address of network n (10.0.0.0/24)" },
	{ "networks: [{name: n, subnet: 10.0.0.0/24}]\n"
	  "nodes: [{name: a}, {name: b, network: n}]\n"
	  "steps:\n  - connect: {node: a, network: n, address: 10.0.0.2}\n",
	  4, 45, "10.0.0.2 is taken in network n already" },
	{ "networks: [{name: n, subnet: 10.0.0.0/30}]\n"
	  "nodes: [{name: a}, {name: b, network: n}]\n"
	  "steps:\n  - connect: {node: a, network: n}\n",
	  4, 33, "no address is left in network n (10.0.0.0/30) for a" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: none}]\n"
	  "steps:\n  - connect: {node: a, network: n}\n", 4, 21,
	  "a has `network: none`, and that can't be one of several" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: host}]\n"
	  "steps:\n  - connect: {node: a, network: n}\n", 4, 21,
	  "a is in its host's network: it can't be connected to another, nor "
	  "disconnected from it" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: host}]\n"
	  "steps:\n  - disconnect: {node: a, network: host}\n", 4, 24,
	  "a is in its host's network: it can't be connected to another, nor "
	  "disconnected from it" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: n}]\n"
	  "steps:\n  - connect: {node: a, network: host}\n", 4, 33,
	  "a node that runs can't be connected to its host's network, nor "
	  "disconnected from it" },
	{ "networks: [{name: n}]\n"
	  "nodes: [{name: a, network: n}, {name: b, network: 'container:a'}]\n"
	  "steps:\n  - connect: {node: b, network: n}\n", 4, 21,
	  "b lives in another's network namespace, and has no networks of its "
	  "own" },
	{ "networks: [{name: n}]\nnodes: [{name: a, netns: 'pid:1'}]\n"
	  "steps:\n  - connect: {node: a, network: n}\n", 4, 21,
	  "a is adopted (netns) and never configured" },
	{ "networks: [{name: n}]\nnodes: [{name: a}]\n"
	  "steps:\n  - connect: {node: host, network: n}\n", 4, 36,
	  "host carries network n itself" },
	{ "networks: [{name: n}]\nnodes: [{name: a}]\n"
	  "steps:\n  - remove: {node: host}\n", 4, 20,
	  "host carries networks: it can't be removed" },
	{ "nodes: [{name: a, netns: 'pid:1'}]\n"
	  "steps:\n  - remove: {node: a}\n", 3, 20,
	  "a is adopted (netns): it is not labcheck's to remove" },
	{ "nodes: [{name: a}]\nsteps:\n"
	  "  - create: {name: b, interfaces: [{name: eth0}]}\n", 3, 43,
	  "nothing makes interface eth0: no link names it and it has no kind" },
	{ "nodes: [{name: a}]\nsteps:\n  - create: {name: b, count: 2}\n",
	  3, 30, "`count` is for `nodes`: a step creates one" },
	{ "networks: [{name: n}]\nnodes: [{name: a, network: n}]\nsteps:\n"
	  "  - disconnect: {node: a, network: n}\n"
	  "  - ping: {from: host, to: a}\n", 5, 28, "a has no address" },
	{ "nodes: [{name: a}, {name: b}]\nsteps: [ping: {from: a, to: b}]\n",
	  2, 29, "b has no address" },
	{ "nodes: [{name: a}, {name: b, interfaces: [{name: x, kind: dummy,\n"
	  "   addresses: [10.0.0.1/24]}]}]\n"
	  "steps: [{ping: {from: a, to: b}, family: 6}]\n",
	  3, 30, "b has no IPv6 address" },
	{ "nodes:\n  - {name: host}\n"
	  "  - {name: app, network: host, nameservers: [10.0.0.1]}\n", 3, 46,
	  "app finds the files of host in /etc: say there whom to ask" },
	{ "nodes:\n  - {name: real, netns: x, nameservers: [10.0.0.1]}\n", 2,
	  42, "real is adopted (netns) and never configured: it can't have "
	  "`nameservers`" },
	{ "networks: [{name: net, dns: false}]\n"
	  "nodes: [{name: a, networks: [{name: net, aliases: [db]}]}]\n", 2, 52,
	  "nobody finds a by an alias: network net has no names" },
	{ "nodes: [{name: a, networks: [{name: bridge, aliases: [db]}]}]\n", 1,
	  55, "nobody finds a by an alias: network bridge has no names" },
};

static unsigned int print_wrong(const struct mistake *m,
				const struct planned *p,
				const struct problem *told)
{
	print_error("of\n%s%zu told, the first %u:%u: %s\nexpected %u:%u: %s\n",
		    m->text, p->problems.errors, told->at.line,
		    told->at.column, told->text, m->line, m->column,
		    m->problem);
	return 1;
}

static void test_mistakes(void **state)
{
	const struct problem *told;
	unsigned int wrong = 0;
	struct planned p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		planned_init(&p, mistakes[i].text);
		assert_int_not_equal(p.result, 0);
		for (told = p.problems.items; told->warning;)
			told++;
		if (p.problems.errors != (mistakes[i].told ?: 1) ||
		    strcmp(told->text, mistakes[i].problem) ||
		    told->at.line != mistakes[i].line ||
		    told->at.column != mistakes[i].column)
			wrong += print_wrong(&mistakes[i], &p, told);
		planned_done(&p);
	}
	assert_int_equal(wrong, 0);
}

static void test_etc(void **state)
{
	static const char text[] =
		"nodes:\n"
		"  - {name: host, nameservers: [127.0.0.53, 10.0.0.1, 'fd00::1']}\n"
		"  - {name: bare}\n"
		"  - {name: u1, network: bridge}\n"
		"  - {name: own, network: none, nameservers: [127.0.0.1]}\n"
		"  - {name: app, network: host}\n"
		"  - {name: real, netns: real}\n";
	static const struct {
		const char *node, *resolv_conf;
	} cases[] = {
		{ "host", "nameserver 127.0.0.53\nnameserver 10.0.0.1\n"
			  "nameserver fd00::1\n" },
		{ "bare", "" },
		{ "u1", "nameserver 10.0.0.1\n" },
		{ "own", "nameserver 8.8.8.8\nnameserver 8.8.4.4\n" },
		{ "app", "nameserver 127.0.0.53\nnameserver 10.0.0.1\n"
			 "nameserver fd00::1\n" },
	};
	const struct plan_node *node;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		node = &p.plan.nodes[plan_node_find(&p.plan, cases[i].node)];
		assert_string_equal(node->files->resolv_conf,
				    cases[i].resolv_conf);
	}
	node = &p.plan.nodes[plan_node_find(&p.plan, "real")];
	assert_null(node->files);
	assert_false(p.plan.names);
	planned_done(&p);
}

static void is_etc(const struct plan *plan, const char *name, bool embedded,
		   const char *own)
{
	const struct plan_node *node;
	const char *lines;

	node = &plan->nodes[plan_node_find(plan, name)];
	lines = strstr(node->files->hosts, "ip6-allrouters\n");
	assert_non_null(lines);
	assert_string_equal(lines + strlen("ip6-allrouters\n"), own);
	assert_int_equal(node->files->embedded, embedded);
	assert_int_equal(!strcmp(node->files->resolv_conf,
				 "nameserver 127.0.0.11\noptions ndots:0\n"),
			 embedded);
}

/* Docker takes less back than it gives */
static void test_etc_history(void **state)
{
	static const char text[] =
		"networks: [{name: a, subnet: 10.1.0.0/16}, {name: b, subnet: 10.2.0.0/16}]\n"
		"nodes:\n"
		"  - {name: two, networks: [{name: bridge}, {name: a}]}\n"
		"  - {name: plain, network: bridge}\n"
		"steps:\n"
		"  - ping: {from: plain, to: 'name:x'}\n"
		"  - disconnect: {node: two, network: a}\n"
		"  - connect: {node: two, network: b}\n"
		"  - connect: {node: plain, network: b}\n";
	char own[100], left[100], plain[100], both[100];
	const char *two_id, *plain_id;
	const struct plan *plan;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	plan = &p.plan;
	assert_int_equal(plan->endpoint_count, 3);
	two_id = plan->endpoints[0].id;
	plain_id = plan->endpoints[2].id;
	snprintf(own, sizeof(own), "172.17.0.2\t%s\n10.1.0.2\t%s\n", two_id,
		 two_id);
	snprintf(left, sizeof(left), "10.2.0.2\t%s\n", two_id);
	snprintf(plain, sizeof(plain), "172.17.0.3\t%s\n", plain_id);
	snprintf(both, sizeof(both), "172.17.0.3\t%s\n10.2.0.3\t%s\n",
		 plain_id, plain_id);
	is_etc(plan, "two", true, own);
	is_etc(plan, "plain", false, plain);
	plan = plan->next;
	is_etc(plan, "two", true, "");
	plan = plan->next;
	is_etc(plan, "two", true, left);
	is_etc(plan, "plain", false, plain);
	plan = plan->next;
	is_etc(plan, "plain", true, both);
	assert_true(plan->names);
	assert_null(plan->next);
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
	nodes[1].name.text = "a";
	nodes[1].interfaces = interfaces;
	nodes[1].interfaces_count = 2;
	interfaces[1].name.text = "eth0";
	interfaces[1].kind.text = "unreadable";
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
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_macvlan),
		cmocka_unit_test(test_overlay),
		cmocka_unit_test(test_overlay_changes),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_docker),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_etc),
		cmocka_unit_test(test_etc_history),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
