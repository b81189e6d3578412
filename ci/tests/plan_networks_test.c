// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_networks_test.c - what becomes of networks, by their driver
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "planned.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_macvlan),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_docker),
		cmocka_unit_test(test_overlay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
