/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - Docker-like networks while they are turned into plain parts
 */
#ifndef SCENARIO_NETWORK_H
#define SCENARIO_NETWORK_H

#include "expand.h"

/**
 * struct connection - A node in a network, for as long as it is
 * @said:	What is said of it, under `networks` of the node or in a step
 * @born, @gone: The first state that has it, and the first that has it no more
 * @wired:	It was seen to have a place, so all that follows is chosen
 * @eth, @port:	Its interface, and the bridge's
 */
struct connection {
	const struct attachment_said *said;
	uint32_t node;
	uint32_t born, gone;
	bool wired;
	char eth[IFNAMSIZ], port[IFNAMSIZ];
	uint32_t eth_ifindex, port_ifindex;
	struct lc_ip ip, ip6;
};

/** struct network - One network, declared or `bridge` */
struct network {
	const struct network_said *said;	/* NULL: nobody declared it */
	const char *name;
	struct lc_at at;
	uint32_t number;		/* index into networks */
	uint32_t host;			/* the node that carries it; NO_NODE */
	struct lc_ip subnet;		/* family 0: it has none, told */
	uint8_t length;
	struct lc_ip range;		/* where addresses are taken from */
	uint8_t range_length;
	struct lc_ip gateway;
	struct lc_ip next;		/* the lowest that may be free */
	bool exhausted, told_exhausted;
	char bridge[IFNAMSIZ];
	uint32_t bridge_position;	/* among the host's interfaces */
	uint32_t port_count;
	uint32_t parent;		/* macvlan: among the host's interfaces */
	int driver;			/* DRIVER_... */
	bool masquerade, internal, icc, dns;
	uint32_t mtu;
};

struct networks {
	struct expansion *e;
	struct network *items;
	uint32_t count;
	struct keys *names;
	struct keys *taken;		/* of a network: its addresses */
	struct keys *members;		/* of a node: its networks */
};

/** network_find() - By name, or NULL */
struct network *network_find(const struct networks *networks,
			     const char *name);

/** network_problem() - A mistake seen in networks; not told where parts of them
 * were left out for other mistakes (pools.c) */
void network_problem(const struct networks *networks, struct lc_at at,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** pools_plan() - Give every network its subnet, range and gateway (pools.c) */
void pools_plan(struct networks *networks);

/** network_reserve() - Take one address; false: it is taken (pools.c) */
bool network_reserve(struct networks *networks, const struct network *network,
		     const struct lc_ip *ip);

/** network_allocate() - Take the lowest free address (pools.c) */
bool network_allocate(struct networks *networks, struct network *network,
		      struct lc_ip *ret_ip);

/** connection_add() - Connect a node from the state at hand on (timeline.c) */
void connection_add(struct expansion *e, uint32_t node,
		    const struct attachment_said *said);

/** connection_is_there() - In the state at hand (timeline.c) */
bool connection_is_there(const struct expansion *e,
			 const struct connection *connection);

/** containers_plan() - Connect nodes to their networks (containers.c) */
void containers_plan(struct networks *networks);

/** network_precedes() - Which of two networks has a node's default route, and
 * publishes its ports; @other may be NULL (networks.c) */
bool network_precedes(const struct network *network,
		      const struct network *other);

/** publish_plan() - The ports that hosts offer for containers (publish.c) */
void publish_plan(struct networks *networks);

/** driver_verify() - Tell of keys that its driver makes nothing of (driver.c) */
void driver_verify(struct lc_problems *problems,
		   const struct network_said *said);

/** macvlan_plan() - Find the interface that a macvlan network stands on */
void macvlan_plan(struct networks *networks, struct network *network);

/** macvlan_attach() - Make a container's interface one of a macvlan network */
void macvlan_attach(struct networks *networks, const struct network *network,
		    uint32_t node, uint32_t position);

/** firewall_plan() - The rules on the hosts (firewall.c) */
void firewall_plan(struct networks *networks);

/** firewall_text() - The same as a text for nft, for as long as the builder does
 * not load the plan's rules (firewall_text.c) */
void firewall_text(struct networks *networks);

#endif
