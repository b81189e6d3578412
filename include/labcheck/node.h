/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - what a scenario says of a node, as it says it
 *
 * Under `nodes`, and in the step `create`.  Filled by the loader, each value
 * read strictly; nothing here is expanded.
 */
#ifndef LABCHECK_NODE_H
#define LABCHECK_NODE_H

#include <labcheck/schema.h>

struct interface_said {
	struct lc_at at;
	struct lc_scalar name;
	struct lc_list addresses, ports;
	const struct lc_scalar *kind, *mtu, *state, *ipv6, *isolated;
	const struct lc_value *mac;
	const struct lc_value *local, *remote;			/* vxlan */
	const struct lc_scalar *vni, *port, *dev;
	const struct lc_scalar *parent, *mode;			/* macvlan */
	const struct lc_scalar *vlan;				/* vlan id */
	const struct lc_scalar *table;				/* vrf */
};

struct route_said {
	struct lc_at at;
	struct lc_value to, via, source;
	struct lc_scalar dev, metric, table, type, onlink;
};

struct neighbor_said {
	struct lc_at at;
	struct lc_value address, mac;
	struct lc_scalar dev;
};

struct ready_said {
	struct lc_at at;
	struct lc_scalar tcp, udp;
};

struct service_said {
	struct lc_at at;
	struct lc_scalar run, within;
	struct ready_said *ready;
};

struct attachment_said {			/* of a node to a network */
	struct lc_at at;
	struct lc_scalar name;
	struct lc_value address, address6, mac;
	struct lc_list aliases;
};

struct docker_said {				/* of a host */
	struct lc_at at;
	struct lc_scalar version, userland_proxy, icc, ip_forward_before;
	struct lc_value advertise_addr;
};

struct node_said {
	struct lc_at at;
	struct lc_scalar name, network;
	const struct lc_scalar *count, *netns, *forward, *nftables, *on;
	struct docker_said *docker;
	struct lc_list publish, nameservers;
	struct interface_said *interfaces;
	uint32_t interfaces_count;
	struct route_said *routes;
	uint32_t routes_count;
	struct neighbor_said *neighbors;
	uint32_t neighbors_count;
	struct service_said *services;
	uint32_t services_count;
	struct attachment_said *networks;
	uint32_t networks_count;
	struct lc_list sysctls;
};

/* The words of the CHOICE fields above, in the order of their enums */
enum interface_kind {
	KIND_VETH, KIND_BRIDGE, KIND_VXLAN, KIND_MACVLAN, KIND_VLAN,
	KIND_DUMMY, KIND_TAP, KIND_TUN, KIND_BOND, KIND_VRF, KIND_WIREGUARD,
	KIND_OPENVSWITCH,
	KIND_LOOPBACK,			/* without a word: an entry for `lo` */
};
extern const char *const interface_kind_words[];

enum { STATE_DOWN, STATE_UP };			/* interface `state` */
enum { ROUTE_UNICAST, ROUTE_BLACKHOLE, ROUTE_UNREACHABLE, ROUTE_PROHIBIT };
enum { MACVLAN_BRIDGE, MACVLAN_PRIVATE, MACVLAN_VEPA, MACVLAN_PASSTHRU };

/** lc_node_fields - The keys of a node: fills a struct node_said */
extern const struct lc_field lc_node_fields[];

#endif
