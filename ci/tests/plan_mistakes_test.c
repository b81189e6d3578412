// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_mistakes_test.c - what is refused as it can not be planned
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

#define PUBLISHES(a, b)							\
	"networks: [{name: n}]\nnodes:\n"				\
	"  - {name: a, network: n, publish: " a "}\n"			\
	"  - {name: b, network: n, publish: " b "}\n"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
