/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - Docker-like networks while they are turned into plain parts
 */
#ifndef SCENARIO_NETWORK_H
#define SCENARIO_NETWORK_H

#include <string.h>

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

/**
 * struct pool - A subnet of a network, and the addresses that it hands out
 * @said:	NULL: one that was chosen for a network without any
 */
struct pool {
	const struct pool_said *said;
	struct lc_at at;		/* of the subnet, or of the network */
	uint32_t network;
	struct lc_ip subnet;		/* family 0: it has none, told */
	uint8_t length;
	struct lc_ip range;		/* where addresses are taken from */
	uint8_t range_length;
	struct lc_ip gateway;		/* family 0: none, told */
	struct lc_ip first;		/* of the range, where it is legal */
	struct lc_ip next;		/* the lowest that may be free */
	bool wraps;			/* behind the last comes the first */
	bool exhausted;
	bool overlaps;			/* another one, told */
	uint32_t vni;			/* of an overlay */
};

/** struct network - One network, declared or `bridge` */
struct network {
	const struct network_said *said;	/* NULL: nobody declared it */
	const char *name;
	struct lc_at at;
	uint32_t number;		/* index into networks */
	uint32_t host;			/* the node that carries it; NO_NODE */
	struct pool *pools;		/* in the file's order */
	uint32_t pool_count;
	bool told_exhausted;
	char bridge[IFNAMSIZ];
	uint32_t bridge_position;	/* among the host's interfaces */
	uint32_t port_count;
	uint32_t parent;		/* macvlan: among the host's interfaces */
	int driver;			/* DRIVER_... */
	bool masquerade, internal, icc, dns, ipv6;
	bool is_way;			/* containers leave by it */
	bool is_gateway;		/* of overlays: docker_gwbridge */
	bool random_macs;		/* and they announce them */
	bool hairpin;			/* back out by the same port */
	uint32_t mtu;
};

struct networks {
	struct expansion *e;
	struct network *items;
	uint32_t count;
	struct keys *names;
	struct keys *taken;		/* of a network: its addresses */
	uint32_t next_overlay;		/* default pool that may be free */
	struct keys *members;		/* of a node: its networks */
};

/** network_find() - By name, or NULL */
struct network *network_find(const struct networks *networks,
			     const char *name);

/** network_is_bridge() - Docker's own network of that name */
static inline bool network_is_bridge(const struct network *network)
{
	return !strcmp(network->name, "bridge");
}

/** network_problem() - A mistake seen in networks; not told where parts of them
 * were left out for other mistakes (pools.c) */
void network_problem(const struct networks *networks, struct lc_at at,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** pools_plan() - Give every network its pools and gateways (pools.c) */
void pools_plan(struct networks *networks);

/** network_space() - Pools of one space must not overlap: those of a host, and
 * those of all overlays (pool_overlap.c) */
uint32_t network_space(const struct network *network);

/** pool_overlaps_verify() - Tell of pools that overlap (pool_overlap.c) */
void pool_overlaps_verify(const struct networks *networks);

/** default_pool_choose() - A subnet for a network that says none; false: none is
 * left (default_pool.c) */
bool default_pool_choose(struct networks *networks,
			 const struct network *network, struct pool *pool);

/** network_pool() - Its first pool of a family, or NULL (leases.c) */
struct pool *network_pool(const struct network *network, int family);

/** network_pool_of() - The pool that an address is in, or NULL (leases.c) */
struct pool *network_pool_of(const struct network *network,
			     const struct lc_ip *ip);

/** network_reserve() - Take one address; false: it is taken (leases.c) */
bool network_reserve(struct networks *networks, const struct network *network,
		     const struct lc_ip *ip);

/** network_allocate() - Take the lowest free address of the first pool that has
 * one (leases.c) */
bool network_allocate(struct networks *networks, struct network *network,
		      int family, struct lc_ip *ret_ip);

/** leases_reserve() - Take what is in use, then what the file asks for
 * (leases.c); once a state, before any is chosen */
void leases_reserve(struct networks *networks);

/** lease_choose() - The addresses of a connection, once; false: none is left,
 * which is told (leases.c) */
bool lease_choose(struct networks *networks, struct network *network,
		  struct connection *connection);

/** lease_apply() - Give them and a MAC address to its interface (leases.c) */
void lease_apply(struct networks *networks, const struct network *network,
		 const struct connection *connection, uint32_t position);

/** connection_add() - Connect a node from the state at hand on (timeline.c) */
void connection_add(struct expansion *e, uint32_t node,
		    const struct attachment_said *said);

/** connection_find() - Of a node to a network, in the state at hand, or NULL
 * (timeline.c) */
struct connection *connection_find(const struct expansion *e, uint32_t node,
				   const char *network);

/** connection_is_there() - In the state at hand (timeline.c) */
bool connection_is_there(const struct expansion *e,
			 const struct connection *connection);

/** connection_host() - The node that carries it, or NO_NODE (wiring.c) */
uint32_t connection_host(const struct networks *networks,
			 const struct connection *connection,
			 const struct network *network);

/** connection_pass() - One that is over already takes a name all the same
 * (wiring.c) */
void connection_pass(struct expansion *e, struct connection *connection);

/** connection_wire() - Give it its interface and addresses (wiring.c) */
void connection_wire(struct networks *networks, struct network *network,
		     struct connection *connection);

/** containers_plan() - Connect nodes to their networks (containers.c) */
void containers_plan(struct networks *networks);

/** network_precedes() - Which of two networks has a node's default route, and
 * publishes its ports; @other may be NULL (networks.c) */
bool network_precedes(const struct network *network,
		      const struct network *other);

/** bridge_name() - Of its interface on the host (bridge.c) */
void bridge_name(const struct network *network, char name[IFNAMSIZ]);

/** bridge_plan() - Make it, with the gateways' addresses; a network whose bridge
 * can't be made has no host (bridge.c) */
void bridge_plan(struct networks *networks, struct network *network);

/** struct publish_item - Ports that a container publishes, one or a range */
struct publish_item {
	struct lc_publish ports;
	struct lc_at at;
	uint32_t number;		/* in the order of the file */
	bool open;			/* no port of the host is chosen */
};

struct publish_list {
	struct publish_item *items;	/* in Docker's order */
	uint32_t count;
};

/** publish_choose() - By node, what each publishes, with ports of its host; an
 * item that is `open` got none (publish_choice.c) */
struct publish_list *publish_choose(struct networks *networks);

/** publish_plan() - The ports that hosts offer for containers (publish.c) */
void publish_plan(struct networks *networks);

/** driver_verify() - Tell of keys that its driver makes nothing of (driver.c) */
void driver_verify(struct lc_problems *problems,
		   const struct network_said *said);

/** network_add() - One more, or NULL if there is one of that name (networks.c) */
struct network *network_add(struct networks *networks, const char *name,
			    const struct network_said *said, struct lc_at at);

/** bridge_mac() - As Docker's: 02:42 and four bytes from the names (bridge.c) */
void bridge_mac(const struct plan_node *host, struct plan_interface *bridge);

/** gateway_is_taken() - Whether a network has the name of one that is made by
 * itself, which is told (gateway.c) */
bool gateway_is_taken(struct expansion *e, const struct network_said *said);

/** gateways_collect() - The docker_gwbridge of each host with overlays, which is
 * older than other networks (gateway.c) */
void gateways_collect(struct networks *networks);

/** gateways_reserve() - Take from each what the swarm itself has (gateway.c) */
void gateways_reserve(struct networks *networks);

/** gateway_find() - That of the host of a node, or NULL (gateway.c) */
struct network *gateway_find(const struct networks *networks,
			     const struct node_said *said);

/** gateway_follow() - Connect a node to it, or disconnect it, as it needs
 * (gateway.c) */
void gateway_follow(struct networks *networks, uint32_t node);

/** overlays_number() - Give each subnet of an overlay its VNI (overlay.c) */
void overlays_number(struct networks *networks);

/** overlay_plan() - The bridges and vxlans on all hosts (overlay.c) */
void overlay_plan(struct networks *networks, struct network *network);

/** overlay_carrier() - The host of a node in an overlay, or NULL (overlay.c) */
struct carrier *overlay_carrier(const struct networks *networks,
				const struct network *network, uint32_t node);

/** carrier_host() - A carrier's node; NO_NODE: it can't carry, told (overlay.c) */
uint32_t carrier_host(const struct networks *networks,
		      const struct carrier *carrier);

/** overlay_balancers_end() - Once a state, when the nodes of the step before have
 * come and gone (overlay.c) */
void overlay_balancers_end(struct networks *networks);

/** overlay_has() - Whether a node is in one, in the state at hand (overlay.c) */
bool overlay_has(const struct networks *networks, uint32_t node);

/** overlay_follow() - Once a node is connected or disconnected: what Docker
 * connects by itself then (overlay.c) */
void overlay_follow(struct networks *networks, uint32_t node);

/** overlay_bridge() - The position of a connection's bridge in @ret_node */
uint32_t overlay_bridge(const struct networks *networks,
			const struct network *network,
			const struct connection *connection,
			uint32_t *ret_node);

/** overlay_routes() - To the other subnets of the network (overlay.c) */
void overlay_routes(struct networks *networks, const struct network *network,
		    const struct connection *connection);

/** overlay_peers_plan() - Tell each host of the others' containers, once all are
 * connected (overlay_peers.c) */
void overlay_peers_plan(struct networks *networks);

/** macvlan_plan() - Find the interface that a macvlan network stands on */
void macvlan_plan(struct networks *networks, struct network *network);

/** macvlan_attach() - Make a container's interface one of a macvlan network */
void macvlan_attach(struct networks *networks, const struct network *network,
		    uint32_t node, uint32_t position);

/** firewall_plan() - The rules on the hosts (firewall.c) */
void firewall_plan(struct networks *networks);

#endif
