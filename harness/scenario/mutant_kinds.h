/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutant_kinds.h - what becomes of each thing in a plan when a lab is broken
 *
 * A field of plan.h, and its mutants.  "Left out" is not said again where it is
 * all there is; what a change would only do as well as leaving out does is
 * not done twice.
 *
 *	interface	down, or up where the file has it down
 *	  name, kind, ifindex, peer	none: the rest of the file speaks of them.
 *			A cable that leads elsewhere is one that is down here
 *	  mac		another, where the file gives it; that of the station
 *			before it on its bridge.  Derived ones: nobody asked
 *	  mtu		the kernel's, of both ends
 *	  ipv6		off, where no address needs it
 *	  master, openvswitch	no port; a port of the node's next bridge
 *	  isolated	off
 *	  hairpin	off, where the container behind it publishes a port
 *	  announce	none: it tells others earlier what they would ask for
 *	  delay, jitter; loss; rate	none of it
 *	  vni, port, remote	another.  local: none, the kernel takes the same
 *	  proxy, underlay	none: Docker's own, without which no entry of
 *			the tables is of any use; those are left out
 *	  lower		another interface; mode: another, where others share
 *			the lower; vlan: another
 *	  table		none: routes that name it are left out
 *	address		left out; another of its subnet; alone in its subnet,
 *			and in one so wide that it takes in others
 *	route		left out; by a gateway that nobody has, so wide that it
 *			takes in others, over another interface, with a worse
 *			metric than its rival, without its source, of another
 *			type.  table, onlink: none, it would be as left out
 *	neighbor	left out; another MAC
 *	fdb		left out; another remote
 *	chain		a policy that drops accepts.  User-defined ones: by the
 *			rules that jump there
 *	rule		see mutant_firewall.c
 *	sysctl		on for off, off for on; else left out
 *	nftables	each rule left out; its addresses and ports of NAT
 *			others, a reject that drops (mutant_rules.c)
 *	service		left out.  Its command is the user's own
 *	node kind, netns	none: adopted namespaces are not ours
 *	  shares	a network of its own
 *	names: servers	left out; another
 *	  hosts, embedded	none: made of addresses, and of `dns`
 *	network		not masqueraded, not kept apart, containers that may
 *			talk, the kernel's MTU, another VNI, another parent or
 *			mode, no names, not internal.  gateway: its address
 *	endpoint	its name and its aliases: left out, another's.  host: none,
 *			it is where its cable leads; ip: the interface's
 *	published	left out; another port, another container, at every
 *			address; without its proxy.  Other ports of the host,
 *			another protocol: as left out
 */
#ifndef SCENARIO_MUTANT_KINDS_H
#define SCENARIO_MUTANT_KINDS_H

#include "mutant.h"

/* Keep those of an array for which a condition of @i holds */
#define KEEP_IF(array, count, keeps)					\
	do {								\
		size_t kept_ = 0;					\
									\
		for (size_t i = 0; i < (count); i++)			\
			if (keeps)					\
				(array)[kept_++] = (array)[i];		\
		(count) = kept_;					\
	} while (0)

/** mutants_add() - One more, unless there is one of these words for the node */
void mutants_add(struct mutants *mutants, struct mutant mutant,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Of one node in one state */
void mutants_of_interfaces(struct mutants *mutants, const struct plan *plan,
			   const struct plan_node *node);
void mutants_of_routes(struct mutants *mutants, const struct plan *plan,
		       const struct plan_node *node);
void mutants_of_entries(struct mutants *mutants, const struct plan *plan,
			const struct plan_node *node);
void mutants_of_sysctls(struct mutants *mutants, const struct plan_node *node);
void mutants_of_rules(struct mutants *mutants, const struct plan *plan,
		      const struct plan_node *node);

/* Of one interface */
void mutants_of_link(struct mutants *mutants, const struct plan *plan,
		     const struct plan_node *node,
		     const struct plan_interface *i);
void mutants_of_addresses(struct mutants *mutants, const struct plan *plan,
			  const struct plan_node *node,
			  const struct plan_interface *i);

/* Of one state */
void mutants_of_macs(struct mutants *mutants, const struct plan *plan);
void mutants_of_networks(struct mutants *mutants, const struct plan *plan);
void mutants_of_firewalls(struct mutants *mutants, const struct plan *plan);
void mutants_of_published(struct mutants *mutants, const struct plan *plan);
void mutants_of_names(struct mutants *mutants, const struct plan *plan);

/** mutants_of_words() - Those for which the lab is planned anew (mutant_words.c) */
void mutants_of_words(struct mutants *mutants, const struct plan *plan);

/** mutant_interface() - Of the mutant's node the one of its ifindex, or NULL */
struct plan_interface *mutant_interface(struct plan *plan,
					const struct mutant *m);

/** interface_peer() - The other end of a cable, or NULL */
const struct plan_interface *interface_peer(const struct plan *plan,
					    const struct plan_interface *i);

/** ip_other() - An address of a subnet that nobody in the lab has; false: none */
bool ip_other(const struct plan *plan, const struct lc_ip *ip, uint8_t length,
	      struct lc_ip *ret_ip);

/** ip_common() - How many bits of two addresses of one family are alike, from
 * the first on */
uint8_t ip_common(const struct lc_ip *a, const struct lc_ip *b);

/** node_has_ip() - Whether an interface of it has that address */
bool node_has_ip(const struct plan_node *node, const struct lc_ip *ip);

/** routes_prune() - Leave out what the kernel would refuse, or take away, until
 * no route is left that stood on another */
void routes_prune(struct plan_node *node);

/**
 * struct way - Where a node would send a packet
 * @via:	Family 0: to the target itself
 * @length:	Of the prefix that decides
 */
struct way {
	struct lc_ip via;
	uint32_t ifindex;
	uint8_t length;
};

/** way_find() - By the longest prefix among subnets and routes of the main table
 * (way.c); false: there is none */
bool way_find(const struct plan_node *node, const struct lc_ip *to,
	      struct way *ret_way);

/** host_has_outside() - Whether it has an address on a network that is not
 * Docker's (way.c) */
bool host_has_outside(const struct plan_node *host);

/** host_is_way_to() - Whether somebody outside would send by a host what is for
 * one of its containers (way.c) */
bool host_is_way_to(const struct plan *plan, uint32_t host,
		    const struct lc_ip *container);

/** network_size() - How many containers are in it (mutant_network.c) */
size_t network_size(const struct plan *plan, uint32_t network);

/** mutant_unpublish() - Leave out the ports published at an address of a node
 * that it does not have (mutant_published.c) */
void mutant_unpublish(struct plan *plan, uint32_t host,
		      const struct lc_ip *on);

#endif
