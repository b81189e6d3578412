/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - the lab that a scenario asks for, down to the last detail
 *
 * `networks`, `count`, derived MACs and defaults are all resolved here: what
 * lab/build.c makes over rtnetlink and what script.c prints as commands come
 * from this one description, and neither decides anything.
 *
 * Interface indexes are chosen here as well (lo is 1, then 32, 33, ... in the
 * order of the plan), so that the builder needs no look-ups.
 *
 * All memory belongs to the plan's arena.
 */
#ifndef SCENARIO_PLAN_H
#define SCENARIO_PLAN_H

#include <net/if.h>
#include <stdbool.h>

#include "scenario.h"

struct arena;
struct keys;

#define NO_NODE		UINT32_MAX
#define NO_INTERFACE	UINT32_MAX
#define NO_NETWORK	UINT32_MAX

struct plan_address {
	struct lc_at at;
	struct lc_ip ip;
	uint8_t length;
};

struct plan_interface {
	struct lc_at at;
	char name[IFNAMSIZ];
	enum interface_kind kind;
	uint32_t ifindex;
	uint8_t mac[6];
	bool has_mac;			/* false: tun, wireguard; a plain bridge
					 * without `mac`: it follows its ports,
					 * as in Linux */
	bool mac_said;			/* the file gives it */
	uint32_t mtu;			/* 0: the kernel's default */
	bool up;
	bool ipv6;			/* link-local address, RA; else quiet */
	uint32_t master;		/* ifindex of its bridge, bond, vrf; 0 */
	uint32_t openvswitch;		/* ifindex of that which has it as a port;
					 * the kernel knows of none; 0 */
	bool isolated;			/* as a bridge port */
	bool hairpin;			/* as a bridge port: back out of it */
	bool announce;			/* unsolicited ARP (IPv6: NA) once up */
	/* veth: the other end */
	uint32_t peer_node;		/* index into plan->nodes */
	uint32_t peer_interface;	/* index into that node's interfaces */
	bool first_end;			/* this end makes the pair */
	/* netem, on both ends */
	uint64_t delay_ns, jitter_ns;
	uint64_t loss;			/* hundredths of a percent */
	uint64_t rate;			/* bytes/s */
	/* vxlan */
	uint32_t vni;
	struct lc_ip local, remote;
	uint16_t port;
	bool proxy;			/* vxlan: answers ARP from its own table
					 * and asks nobody (proxy l2miss l3miss) */
	uint32_t underlay;		/* vxlan: the node in whose namespace its
					 * datagrams travel; NO_NODE: its own */
	uint32_t lower;			/* ifindex of dev/parent; 0: none */
	uint32_t lower_node;		/* where that is; NO_NODE: here */
	int mode;			/* MACVLAN_... */
	uint16_t vlan;
	uint32_t table;			/* vrf */
	uint32_t network;		/* a container's, or the bridge itself:
					 * index into plan->networks; or
					 * NO_NETWORK */
	struct plan_address *addresses;
	size_t address_count;
};

struct plan_route {
	struct lc_at at;
	int family;
	bool is_default;
	struct lc_ip to;
	uint8_t length;
	struct lc_ip via;		/* family 0: none */
	struct lc_ip source;		/* family 0: none */
	uint32_t ifindex;		/* 0: by via */
	uint32_t metric;		/* 0: the kernel's default */
	uint32_t table;			/* 254: main */
	int type;			/* ROUTE_... */
	bool onlink;
};

struct plan_neighbor {
	struct lc_at at;
	struct lc_ip ip;
	uint8_t mac[6];
	uint32_t ifindex;
};

/* A permanent entry of a VXLAN's or a bridge's forwarding table */
struct plan_fdb {
	struct lc_at at;
	uint8_t mac[6];
	struct lc_ip dst;		/* of a vxlan: the remote; family 0 */
	uint32_t ifindex;
};

enum rule_table { RULE_FILTER, RULE_NAT, RULE_RAW, RULE_TABLES };
enum rule_verdict {
	RULE_ACCEPT, RULE_DROP, RULE_RETURN, RULE_JUMP, RULE_MASQUERADE,
	RULE_DNAT, RULE_SNAT,
};

/**
 * struct plan_chain - A chain of the tables that iptables keeps
 * @policy:	RULE_ACCEPT or RULE_DROP of a built-in chain (FORWARD,
 *		POSTROUTING, ...); -1: a user-defined one
 */
struct plan_chain {
	enum rule_table table;
	const char *name;
	int policy;
};

struct rule_prefix {
	struct lc_ip ip;		/* family 0: any */
	uint8_t length;
	bool is_not;
};

/**
 * struct plan_rule - A rule, as `iptables -A` would append it
 * @in, @out:	-i, -o; NULL: any.  @in_not, @out_not: `! -i`, `! -o`
 * @protocol:	0: any
 * @first, @last: --dport; 0: any.  @first_source: --sport; 0: any
 * @established: -m conntrack --ctstate RELATED,ESTABLISHED
 * @to_local, @from_local: -m addrtype --dst-type, --src-type LOCAL
 * @jump:	RULE_JUMP: the chain
 * @to:		RULE_DNAT, RULE_SNAT: the address; family 0: as it is
 * @to_first, @to_last: its ports; 0: as they are.  A range as wide as @first to
 *		@last is mapped port by port
 */
struct plan_rule {
	struct lc_at at;
	enum rule_table table;
	const char *chain;
	const char *in, *out;
	bool in_not, out_not;
	struct rule_prefix source, destination;
	uint8_t protocol;
	uint16_t first, last, first_source;
	bool established, to_local, from_local;
	enum rule_verdict verdict;
	const char *jump;
	struct lc_ip to;
	uint16_t to_first, to_last;
};

struct plan_sysctl {
	struct lc_at at;
	const char *key;		/* with slashes: net/ipv4/ip_forward */
	const char *value;
	bool optional;			/* no error if this kernel lacks it */
};

struct plan_service {
	struct lc_at at;
	const char *command;
	uint16_t tcp, udp;		/* ready when these listen; 0: at once */
	uint64_t within_ns;
};

enum plan_node_kind {
	NODE_OWN,			/* a namespace that labcheck makes */
	NODE_ADOPTED,			/* one that exists: never configured */
	NODE_SHARED,			/* another node's: network: host, ... */
};

struct plan_node {
	struct lc_at at;
	const char *name;
	enum plan_node_kind kind;
	const char *netns;		/* ADOPTED: as written */
	uint32_t number;		/* index into plan->nodes */
	uint32_t shares;		/* SHARED: whose, index (never itself
					 * a SHARED one) */
	const struct plan_node *owner;	/* SHARED: that node; else itself */
	const struct keys *names;	/* see plan_interface_find() */
	bool ipv6;			/* some interface of it has IPv6 */
	bool absent;			/* not made yet, or removed */
	bool made;			/* by networks (an overlay's bridge):
					 * the file has no name for it */
	/* What its programs find in /etc, see struct plan_names */
	const struct plan_names *files;
	/* SHARED nodes have none of what follows: all that is said of them
	 * is among their owner's.  But services are their own */
	struct plan_interface *interfaces;
	size_t interface_count;
	struct plan_route *routes;
	size_t route_count;
	struct plan_neighbor *neighbors;
	size_t neighbor_count;
	/* In this order: labcheck's documented values, those of `forward` and
	 * of networks, then the node's own `sysctls` */
	struct plan_sysctl *sysctls;
	size_t sysctl_count;
	struct plan_fdb *fdb;
	size_t fdb_count;
	/* Those of networks, in the order in which they are made; they come
	 * before the node's own rule sets */
	struct plan_chain *chains;
	size_t chain_count;
	struct plan_rule *rules;
	size_t rule_count;
	const char **nftables;		/* rule sets, each with its origin */
	struct lc_at *nftables_at;
	size_t nftables_count;
	struct plan_service *services;
	size_t service_count;
};

/**
 * struct plan_names - /etc/hosts and /etc/resolv.conf of a node
 * @hosts:	The whole file
 * @resolv_conf: The whole file
 * @embedded:	Its name server is the embedded one at 127.0.0.11
 * @servers:	Whom to ask: for the embedded one, whom it forwards to
 */
struct plan_names {
	const char *hosts, *resolv_conf;
	bool embedded;
	struct lc_ip *servers;
	size_t server_count;
};

/** struct plan_network - A network as it is found in the lab */
struct plan_network {
	struct lc_at at;
	const char *name;
	int driver;			/* DRIVER_... */
	uint32_t host;			/* bridge, macvlan: the node */
	char bridge[IFNAMSIZ];
	struct lc_ip gateway;		/* family 0: none */
	bool dns, icc, internal;
	bool is_gateway;		/* a host's docker_gwbridge */
};

/** struct plan_endpoint - A node in a network */
struct plan_endpoint {
	struct lc_at at;
	uint32_t node, network;		/* indexes; owner and plan->networks */
	uint32_t host;			/* the node that carries it there */
	uint32_t ifindex;		/* of its interface there */
	struct lc_ip ip, ip6;		/* family 0: none */
	uint8_t mac[6];
	const char *name;		/* by which others find it: its node's */
	const char *id;			/* the container's, 12 hex digits */
	const char **aliases;
	size_t alias_count;
};

/**
 * struct plan_published - A port, or a range, that a host offers for a container
 * @host:	The node
 * @on:		Its address; family 0: any, IPv6 too
 * @first, @last: Its ports
 * @network:	By which it is reached, index into plan->networks
 * @container:	The node, @to its address, @to_first, @to_last its ports
 * @proxy:	A program of the container engine listens there as well
 */
struct plan_published {
	struct lc_at at;
	uint32_t host, network, container;
	uint8_t protocol;
	struct lc_ip on, to;
	uint16_t first, last, to_first, to_last;
	bool proxy;
};

struct plan {
	struct arena *arena;
	const struct scenario *scenario;
	struct plan_node *nodes;
	size_t node_count;
	struct keys *node_names;
	struct keys *interface_names;	/* within the owner's number */
	bool delays;			/* some link makes packets wait */
	struct plan_network *networks;
	size_t network_count;
	struct plan_endpoint *endpoints; /* in the order of connecting */
	size_t endpoint_count;
	struct plan_published *published;
	size_t published_count;
	bool names;			/* some step or program may ask a
					 * resolver, so one is needed */
	/* The lab behind the next step that changes what it consists of: the
	 * same nodes under the same indexes, an interface the same if it has
	 * the same ifindex.  NULL: it stays as it is */
	struct plan *next;
	uint32_t next_step;		/* index of that step */
	const struct plan *before;	/* whose next this one is; or NULL */
	/* It is broken on purpose (mutant.h), so why a step fails is known; and
	 * this is what the file says, to which steps go on to refer.  Or NULL */
	const struct plan *whole;
};

/**
 * plan_make() - Expand a scenario into the lab to build
 *
 * @plan is the lab as it is built; what steps make of it follows in
 * plan->next.
 *
 * Pure.  What can only be seen here (an address outside its network's subnet,
 * two links on one interface, a port of a bridge that nothing makes, a target
 * with no address) goes into @problems.
 *
 * Return: 0, -EINVAL when problems->errors is not 0, or -ENOMEM
 */
int plan_make(struct plan *plan, const struct scenario *scenario,
	      struct lc_problems *problems);
void plan_done(struct plan *plan);

/** plan_node_find() - The index of a node by its name, or -1 */
int plan_node_find(const struct plan *plan, const char *name);

/**
 * plan_interface_find() - An interface of a node by its name, or NULL
 *
 * Of a SHARED node: an interface of its owner.  `lo` is in the plan only if
 * the scenario has an entry for it (KIND_LOOPBACK, ifindex 1).
 */
const struct plan_interface *
plan_interface_find(const struct plan_node *node, const char *name);

/** plan_interface_by_index() - The one of this ifindex, or NULL */
const struct plan_interface *
plan_interface_by_index(const struct plan_node *node, uint32_t ifindex);

/**
 * plan_interface_below() - What a macvlan, vlan or vxlan stands on, or NULL
 * @ret_node:	Whose interface that is
 */
const struct plan_interface *
plan_interface_below(const struct plan *plan, const struct plan_node *node,
		     const struct plan_interface *interface,
		     const struct plan_node **ret_node);

/**
 * plan_node_depth() - How many nodes are below one, each under the one before
 *
 * By interfaces that stand on another node's, which has to be configured
 * before.  Never in a circle: macvlan.c refuses that.
 */
size_t plan_node_depth(const struct plan *plan, const struct plan_node *node);

/**
 * plan_target_address() - The address that a target stands for
 * @from:	The sending node
 * @target:	A TARGET of kind address, node or interface
 * @family:	AF_INET, AF_INET6 or 0: IPv4 if both ends have it
 *
 * Of a node that address which shares a subnet with @from on, else its first.
 * In a lab that is broken on purpose, that of the whole one.
 *
 * Return: 0, or -EADDRNOTAVAIL with @err: it has none
 */
int plan_target_address(const struct plan *plan, const struct plan_node *from,
			const struct lc_value *target, int family,
			struct lc_ip *ret_ip, struct lc_err *err);

#endif
