/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - what a scenario file says, as it says it
 *
 * Filled by libcyaml after the tables in language.c, each value then read
 * strictly (value.c).  Nothing here is expanded: see plan.h for what comes out
 * of it.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <labcheck/check.h>
#include <labcheck/schema.h>

#include "source.h"

struct lc_problems;

struct interface_said {
	struct lc_at at;
	struct lc_value name, kind, mac, mtu, state, ipv6, isolated;
	struct lc_list addresses, ports;
	struct lc_value vni, local, remote, port, dev;		/* vxlan */
	struct lc_value parent, mode;				/* macvlan */
	struct lc_value vlan;					/* vlan id */
	struct lc_value table;					/* vrf */
};

struct route_said {
	struct lc_at at;
	struct lc_value to, via, dev, metric, source, table, type, onlink;
};

struct neighbor_said {
	struct lc_at at;
	struct lc_value address, mac, dev;
};

struct ready_said {
	struct lc_at at;
	struct lc_value tcp, udp;
};

struct service_said {
	struct lc_at at;
	struct lc_value run, within;
	struct ready_said *ready;
};

struct attachment_said {			/* of a node to a network */
	struct lc_at at;
	struct lc_value name, address, mac;
	struct lc_list aliases;
};

struct node_said {
	struct lc_at at;
	struct lc_value name, count, netns, forward, nftables;
	struct lc_value network, on;
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

struct link_said {
	struct lc_at at;
	struct lc_list endpoints;
	struct lc_value mtu, delay, jitter, loss, rate;
};

struct aux_said {
	struct lc_at at;
	struct lc_value name, address;
};

struct network_said {
	struct lc_at at;
	struct lc_value name, driver, on, subnet, ip_range, gateway;
	struct lc_value bridge, masquerade, internal, mtu;
	struct aux_said *aux_addresses;
	uint32_t aux_addresses_count;
};

struct step_said {
	struct lc_at at;
	struct lc_value name, within, for_, arrives, family, points, hint,
			todo, needs;
	void *verbs[LC_CHECKS_MAX];	/* as in lc_checks[]; one is not NULL */
	const struct lc_check *check;	/* which one; set once all is verified */
	void *params;
	char *title;			/* its name, or the verb's sentence */
};

struct scenario {
	struct lc_at at;
	struct lc_value name, description;
	struct lc_list requires, tags;
	struct network_said *networks;
	uint32_t networks_count;
	struct node_said *nodes;
	uint32_t nodes_count;
	struct link_said *links;
	uint32_t links_count;
	struct step_said *steps;
	uint32_t steps_count;
};

/* The words of the CHOICE fields above, in the order of their enums */
enum interface_kind {
	KIND_VETH, KIND_BRIDGE, KIND_VXLAN, KIND_MACVLAN, KIND_VLAN,
	KIND_DUMMY, KIND_TAP, KIND_TUN, KIND_BOND, KIND_VRF, KIND_WIREGUARD,
	KIND_LOOPBACK,			/* without a word: an entry for `lo` */
};
extern const char *const interface_kind_words[];

enum { STATE_DOWN, STATE_UP };			/* interface `state` */
enum { ROUTE_UNICAST, ROUTE_BLACKHOLE, ROUTE_UNREACHABLE, ROUTE_PROHIBIT };
enum { MACVLAN_BRIDGE, MACVLAN_PRIVATE, MACVLAN_VEPA, MACVLAN_PASSTHRU };
enum { DRIVER_BRIDGE, DRIVER_OVERLAY, DRIVER_MACVLAN };

/* The tables (language.c) */
extern const struct lc_field scenario_fields[];
extern const struct lc_field step_fields[];	/* without the verbs */

/**
 * struct loaded - A scenario with all that it points into
 * @scenario:	NULL if the file can not be read as one.  If it has errors, what
 *		is wrong is not in it: any text can be NULL, and any list short
 * @lab_whole:	Nothing of networks, nodes and links was left out; else the
 *		problems are marked `partial`, and plan_make() does not miss what
 *		may be among what was
 */
struct loaded {
	struct source source;
	struct document *document;	/* where everything stands */
	struct heap *heap;
	struct scenario *scenario;
	bool lab_whole;
};

/**
 * scenario_load() - Read, verify and bind one file
 * @problems:	All that is wrong with it
 *
 * Pure but for reading the file.  Return: 0; -EINVAL when problems->errors is
 * not 0; another -errno with @err set when the file can't be read at all.
 */
int scenario_load(struct loaded *loaded, const char *path,
		  struct lc_problems *problems, struct lc_err *err);
void loaded_done(struct loaded *loaded);

#endif
