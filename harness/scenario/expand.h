/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expand.h - the parts of plan_make(), each filling in its share of the plan
 *
 * Arrays of the plan grow while it is made, so these functions name a node by
 * its number and an interface by its position, and take pointers only for as
 * long as they add nothing.
 *
 * The loader may have found mistakes before: any text can be NULL and any
 * meaning zero, which is skipped in silence.
 */
#ifndef SCENARIO_EXPAND_H
#define SCENARIO_EXPAND_H

#include "address.h"
#include "arena.h"
#include "keys.h"
#include "plan.h"

enum {
	PLAN_MAX_NODES = 65536,
	BRIDGE_MAX_PORTS = 1023,	/* the kernel's BR_MAX_PORTS - 1 */
	/* lo is 1.  Where modules such as ipip or sit are loaded the kernel puts
	 * their fallback devices (tunl0, sit0, ...) behind it, into every new
	 * namespace: a dozen at most */
	FIRST_IFINDEX = 32,
};


/** struct making - What is known of a node while the plan is made */
struct making {
	const struct node_said *said;	/* NULL: made because networks ask */
	bool first;			/* of its `count`: it speaks for all */
	bool forward;			/* carries networks */
	bool docker;			/* Docker runs there: its rules */
};

struct expansion {
	struct plan *plan;
	const struct scenario *scenario;
	struct lc_problems *problems;
	struct arena *arena;
	struct making *made;		/* parallel to plan->nodes */
	struct keys *addresses;	/* of an owner: address -> position */
};

/* In the order in which plan_make() calls them */
void nodes_plan(struct expansion *e);		/* nodes.c */
void interfaces_declare(struct expansion *e);	/* interfaces.c */
void links_plan(struct expansion *e);		/* links.c */
void networks_plan(struct expansion *e);	/* networks.c */
void interfaces_configure(struct expansion *e);	/* interfaces.c */
void routes_plan(struct expansion *e);		/* routes.c */
void macs_plan(struct expansion *e);		/* mac.c */
void sysctls_plan(struct expansion *e);		/* sysctls.c */
void etc_plan(struct expansion *e);		/* etc.c */
void targets_verify(struct expansion *e);	/* target.c */

/** node_problem() - A mistake in a node; of `count` alike it is told once */
void node_problem(struct expansion *e, uint32_t node, struct lc_at at,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** node_lacks() - The same for what is not there: of a file parts of which were
 * left out it is not told, for it may be among those */
void node_lacks(struct expansion *e, uint32_t node, struct lc_at at,
		const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** node_number() - By name, or NO_NODE */
uint32_t node_number(const struct expansion *e, const char *name);

/** node_owner() - The node whose namespace a node lives in */
struct plan_node *node_owner(const struct expansion *e, uint32_t node);

/**
 * interface_add() - One more, a veth for now; NO_INTERFACE: the name is taken
 *
 * Its index is chosen here, so that the builder has nothing to look up.
 */
uint32_t interface_add(struct expansion *e, uint32_t owner, const char *name,
		       struct lc_at at);

/** interface_position() - By its owner and name, or NO_INTERFACE */
uint32_t interface_position(const struct expansion *e, uint32_t owner,
			    const char *name);

/** interface_address() - Give it an address; false: its node has that one */
bool interface_address(struct expansion *e, uint32_t owner, uint32_t position,
		       const struct lc_ip *ip, uint8_t length,
		       struct lc_at at);

/** interface_join() - Make two interfaces the ends of one veth pair */
void interface_join(struct expansion *e, uint32_t a_owner, uint32_t a,
		    uint32_t b_owner, uint32_t b);

/** interface_configure() - What an entry says (interface.c) */
void interface_configure(struct expansion *e, uint32_t node, uint32_t position,
			 const struct interface_said *said);

/** interface_ports() - Make an entry's `ports` its own (ports.c) */
void interface_ports(struct expansion *e, uint32_t node, uint32_t position,
		     const struct interface_said *said);

/** route_add() - Append a route to the namespace of a node */
struct plan_route *route_add(struct expansion *e, uint32_t owner,
			     struct lc_at at);

/** nftables_add() - Append a rule set to the namespace of a node */
void nftables_add(struct expansion *e, uint32_t owner, const char *rules,
		  struct lc_at at);

#endif
