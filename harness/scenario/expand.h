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
	PLAN_MAX_STATES = 1 << 19,	/* times nodes: some hundred MB */
	BRIDGE_MAX_PORTS = 1023,	/* the kernel's BR_MAX_PORTS - 1 */
	/* lo is 1.  Where modules such as ipip or sit are loaded the kernel puts
	 * their fallback devices (tunl0, sit0, ...) behind it, into every new
	 * namespace: a dozen at most */
	FIRST_IFINDEX = 32,
};

#define NO_STATE	UINT32_MAX

/**
 * struct life - A node, from its beginning to its end
 *
 * The lab goes through states: the first one is built, each step that changes
 * what the lab consists of leads to the next.  A name can have several lives.
 *
 * @said:	NULL: made because networks ask
 * @first:	Of its `count`: it speaks for all
 * @born, @gone: The first state that has it, and the first that has it no more
 * @shares:	Whose namespace it lives in; NO_NODE: its own
 * @next_ifindex: Never given twice, so that an interface is known by it
 * @next_eth:	The number that its next connection tries for a name
 * @files:	What it had in /etc when it was there last
 * @made:	By an overlay network: the file has no name for it
 */
struct life {
	const char *name;
	struct lc_at at;
	const struct node_said *said;
	bool first;
	uint32_t born, gone;
	uint32_t shares;
	uint32_t next_ifindex, next_eth;
	const struct plan_names *files;
	bool made;
};

/**
 * struct carrier - A host that carries containers of an overlay network, ever
 * @said:	The network
 * @host:	The host's name, as containers have it in `on`
 * @at:		The first of those containers
 * @inside:	The node that has the network's bridges there
 * @balancer:	The node of its load balancer there
 * @address:	Other hosts find it by that; family 0: there is none
 * @port_count:	Of its bridges, in the state at hand
 * @used:	It carries some, in the state at hand
 */
struct carrier {
	const struct network_said *said;
	const char *host;
	struct lc_at at;
	uint32_t inside, balancer;
	struct lc_ip address;
	uint32_t port_count;
	bool used;
};

/** struct making - What is known of a node while a state's plan is made */
struct making {
	const struct node_said *said;	/* NULL: nothing is, or it is absent */
	bool first;			/* of its `count`: it speaks for all */
	bool carries;			/* networks: it can't be removed */
	bool forward;			/* routes for them */
	bool docker;			/* Docker runs there: its rules */
	bool quiet;			/* its mistakes were told in a state
					 * before */
	struct plan_sysctl *settings;	/* what Docker sets there */
	size_t setting_count;
};

/**
 * struct expansion - A plan in the making
 * @plan:	That of the state at hand, as are @made and @addresses; the
 *		others last through all states
 * @arena:	Of the plan
 * @scratch:	Of what nobody looks at once the plan is made
 * @made:	Parallel to plan->nodes
 * @addresses:	Of an owner: address -> position
 * @state:	0: the lab as it is built
 * @lives:	Parallel to plan->nodes, too: a state has them all, and those
 *		that are not there are `absent`
 * @file_names:	Of the nodes that are there from the beginning
 * @ifindexes:	Of an owner: name -> ifindex, but for those of connections
 * @connections: Of nodes to networks (network.h), in their order
 * @asks:	Some step, or program, may ask for names
 * @carriers:	Hosts of overlay networks
 * @unsure:	A step before may have changed what no plan knows
 */
struct expansion {
	struct plan *plan;
	const struct scenario *scenario;
	struct lc_problems *problems;
	struct arena *arena, *scratch;
	struct making *made;
	struct keys *addresses;
	uint32_t state;
	struct life *lives;
	uint32_t life_count;
	struct keys *file_names;
	struct keys *ifindexes;
	struct connection *connections;
	uint32_t connection_count;
	struct carrier *carriers;
	uint32_t carrier_count;
	bool asks, unsure;
};

/** lives_collect() - Who lives in the lab, ever (lives.c); once, then the parts
 * of a state's plan, in the order in which they are called */
void lives_collect(struct expansion *e);

/** life_add() - One more; NO_NODE: the name is taken (lives.c) */
uint32_t life_add(struct expansion *e, const struct life *life);

/** host_make() - A host that nobody declared, if there is none (lives.c) */
void host_make(struct expansion *e, const char *name, struct lc_at at);

/** carriers_collect() - Who carries overlay networks, ever (carriers.c); the last
 * to add lives */
void carriers_collect(struct expansion *e);

/** host_said() - The name of the host that carries a node (carriers.c) */
const char *host_said(const struct node_said *said);

/** bridge_named() - Where the file first says `bridge` of a node, or NULL
 * (lives.c).  That network need not be declared */
const struct lc_scalar *bridge_named(const struct scenario *scenario);

/**
 * change_plan() - Go on to the next state (timeline.c)
 * @step:	The step that leads there
 *
 * e->plan is that of the state before.
 */
void change_plan(struct expansion *e, const struct step_said *step);

/** step_change() - What a step changes of what the lab consists of */
static inline enum lc_change step_change(const struct step_said *step)
{
	return step->check && step->params ? step->check->change
					   : LC_CHANGE_NONE;
}

void nodes_plan(struct expansion *e);		/* nodes.c */
void interfaces_declare(struct expansion *e);	/* interfaces.c */
void links_plan(struct expansion *e);		/* links.c */
void networks_plan(struct expansion *e);	/* networks.c */
void interfaces_configure(struct expansion *e);	/* interfaces.c */
void publish_verify(struct expansion *e);	/* publish.c */
void routes_plan(struct expansion *e);		/* routes.c */
void macs_plan(struct expansion *e);		/* mac.c */
void sysctls_plan(struct expansion *e);		/* sysctls.c */
void etc_plan(struct expansion *e);		/* etc.c */
bool somebody_asks(const struct expansion *e);	/* askers.c */
bool steps_ask(const struct scenario *scenario);
/* Of steps from one index on, up to another (target.c) */
void targets_verify(struct expansion *e, uint32_t first, uint32_t end);

/** node_problem() - A mistake in a node; of `count` alike it is told once */
void node_problem(struct expansion *e, uint32_t node, struct lc_at at,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** node_warning() - What may not be meant, told in the same way */
void node_warning(struct expansion *e, uint32_t node, struct lc_at at,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** node_lacks() - The same for what is not there: of a file parts of which were
 * left out it is not told, for it may be among those */
void node_lacks(struct expansion *e, uint32_t node, struct lc_at at,
		const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** node_number() - By name, or NO_NODE */
uint32_t node_number(const struct expansion *e, const char *name);

/** node_of_file() - The same, of those that are there from the beginning; in
 * later states another may have the name */
uint32_t node_of_file(const struct expansion *e, const char *name);

/** node_owner() - The node whose namespace a node lives in */
struct plan_node *node_owner(const struct expansion *e, uint32_t node);

/**
 * interface_add() - One more, a veth for now; NO_INTERFACE: the name is taken
 *
 * Its index is chosen here, so that the builder has nothing to look up.
 */
uint32_t interface_add(struct expansion *e, uint32_t owner, const char *name,
		       struct lc_at at);

/** interface_add_as() - The same, with an index: 0 chooses one that this owner
 * never had */
uint32_t interface_add_as(struct expansion *e, uint32_t owner,
			  const char *name, uint32_t ifindex, struct lc_at at);

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

/** stacks_verify() - Whether what stands on others can (ports.c) */
void stacks_verify(struct expansion *e);

/** interface_ports() - Make an entry's `ports` its own (ports.c) */
void interface_ports(struct expansion *e, uint32_t node, uint32_t position,
		     const struct interface_said *said);

/** route_add() - Append a route to the namespace of a node */
struct plan_route *route_add(struct expansion *e, uint32_t owner,
			     struct lc_at at);

/** setting_add() - A setting of a node that carries networks; it comes before
 * its own `sysctls` (sysctls.c) */
void setting_add(struct expansion *e, uint32_t owner, struct lc_at at,
		 const char *key, const char *value, bool optional);

/** nftables_add() - Append a rule set to the namespace of a node */
void nftables_add(struct expansion *e, uint32_t owner, const char *rules,
		  struct lc_at at);

#endif
