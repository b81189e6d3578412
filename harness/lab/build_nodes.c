// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * build_nodes.c - what makes a node of a namespace with interfaces
 *
 * One batch per node: lo up, then each interface up, the lower ones first,
 * with its addresses, then static neighbours, forwarding entries and routes in
 * the plan's order.  The kernel does them one after the other, so a gateway is
 * on-link by the time that a route names it.  A node whose interfaces stand on
 * another's comes after that one: a macvlan can't be up before what is below.
 *
 * A lab that goes on comes by here too: what the plan before had as well is left
 * alone, whatever steps have made of it, and what it had and this one has not
 * is deleted first (unmake.c).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/err.h>

#include "address_message.h"
#include "build.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "rtnl.h"
#include "scenario/address.h"
#include "scenario/difference.h"
#include "unmake.h"

enum {
	LOOPBACK = 1,		/* its ifindex in every namespace */
	/* A neighbour that does not answer has failed after three of these,
	 * instead of after three seconds.  The kernel's least; and three, since
	 * between two of them it always gets to packets that have come in */
	RETRANS_MS = 10,
};

/* What is the same for all nodes while they are configured */
struct configuration {
	struct lc_lab *lab;
	bool kernel_has_ipv6;
	bool ports_wait;
};

/* Where a veth's one request could not put both ends into their bridges */
static bool needs_master(const struct lc_lab *lab,
			 const struct plan_interface *i)
{
	const struct plan_interface *peer;

	if (i->kind != KIND_VETH || !i->master)
		return false;
	peer = &lab->plan->nodes[i->peer_node].interfaces[i->peer_interface];
	return peer->master && !i->first_end;
}

static void add_port(const struct configuration *c, struct rtnl *rtnl,
		     const struct plan_node *node,
		     const struct plan_interface *i)
{
	struct rtnl_msg m;

	if (needs_master(c->lab, i)) {
		rtnl_build_link_master(&m, i->ifindex, i->master);
		rtnl_add(rtnl, &m, i->at, "port %s:%s", node->name, i->name);
	}
	if (i->master && (i->isolated || i->hairpin)) {
		rtnl_build_port(&m, i);
		rtnl_add(rtnl, &m, i->at, "%s port %s:%s",
			 i->isolated ? "isolated" : "hairpin", node->name,
			 i->name);
	}
}

static bool has_ipv6_address(const struct plan_interface *i)
{
	for (size_t k = 0; k < i->address_count; k++)
		if (i->addresses[k].ip.family == AF_INET6)
			return true;
	return false;
}

static bool must_be_quiet(const struct configuration *c,
			  const struct plan_interface *i)
{
	return c->kernel_has_ipv6 && i->kind != KIND_LOOPBACK && !i->ipv6 &&
	       !has_ipv6_address(i);
}

/* @old: the interface in the plan before, or NULL */
static void add_addresses(struct rtnl *rtnl, const struct plan_node *node,
			  const struct plan_interface *i,
			  const struct plan_interface *old)
{
	char text[PREFIX_TEXT_SIZE];
	struct rtnl_msg m;

	for (size_t k = 0; k < i->address_count; k++) {
		const struct plan_address *a = &i->addresses[k];

		if (old && interface_has_address(old, a))
			continue;
		rtnl_build_address(&m, i->ifindex, &a->ip, a->length);
		rtnl_add(rtnl, &m, a->at, "address %s on %s:%s",
			 prefix_format(&a->ip, a->length, text), node->name,
			 i->name);
	}
}

static void add_patience(const struct configuration *c, struct rtnl *rtnl,
			 const struct plan_node *node,
			 const struct plan_interface *i)
{
	struct rtnl_msg m;

	if (i->kind == KIND_LOOPBACK || i->kind == KIND_TUN ||
	    i->kind == KIND_WIREGUARD || (!i->address_count && !i->ipv6) ||
	    c->lab->plan->delays || c->lab->relaxed)
		return;
	rtnl_build_neighbour_patience(&m, AF_INET, i->ifindex, RETRANS_MS);
	rtnl_add(rtnl, &m, i->at, "ARP timers of %s:%s", node->name, i->name);
	if (!c->kernel_has_ipv6 || (!i->ipv6 && !has_ipv6_address(i)))
		return;
	rtnl_build_neighbour_patience(&m, AF_INET6, i->ifindex, RETRANS_MS);
	rtnl_add(rtnl, &m, i->at, "neighbour discovery timers of %s:%s",
		 node->name, i->name);
}

static void add_netem(struct rtnl *rtnl, const struct plan_node *node,
		      const struct plan_interface *i)
{
	struct rtnl_msg m;

	if (!i->delay_ns && !i->jitter_ns && !i->loss && !i->rate)
		return;
	rtnl_build_netem(&m, i);
	rtnl_add(rtnl, &m, i->at, "netem on %s:%s", node->name, i->name);
}

/* See build_ports.c; the answer does not matter */
static void add_look(struct rtnl *rtnl, const struct plan_node *node,
		     const struct plan_interface *i)
{
	struct rtnl_msg m;

	rtnl_build_link_get(&m, i->ifindex, NULL);
	rtnl_add(rtnl, &m, i->at, "link %s:%s", node->name, i->name);
}

static void add_interface(const struct configuration *c, struct rtnl *rtnl,
			  const struct plan_node *node,
			  const struct plan_interface *i)
{
	const struct plan_interface *old = NULL;
	struct rtnl_msg m;

	if (c->lab->before)
		old = plan_interface_by_index(
			&c->lab->before->nodes[node->number], i->ifindex);
	if (old) {
		add_addresses(rtnl, node, i, old);
		return;
	}
	add_port(c, rtnl, node, i);
	if (must_be_quiet(c, i)) {
		rtnl_build_link_quiet(&m, i->ifindex);
		rtnl_add(rtnl, &m, i->at, "IPv6 of %s:%s", node->name,
			 i->name);
		/* With an MTU below 1280 there is no IPv6 (RFC 8200, 5) */
		rtnl_forgive(rtnl, -EAFNOSUPPORT);
	}
	add_netem(rtnl, node, i);
	if (i->up && !(c->ports_wait && port_waits(node, i))) {
		if (i->kind == KIND_VETH)
			add_look(rtnl, node, i);
		interface_add_up(rtnl, node, i);
	}
	add_addresses(rtnl, node, i, NULL);
	add_patience(c, rtnl, node, i);
}

/* "default via 192.168.1.2 dev eth0 on blue" */
static void describe_route(const struct plan_node *node,
			   const struct plan_route *route, char *text,
			   size_t size)
{
	static const char *const types[] = {
		[ROUTE_UNICAST] = "", [ROUTE_BLACKHOLE] = "blackhole ",
		[ROUTE_UNREACHABLE] = "unreachable ",
		[ROUTE_PROHIBIT] = "prohibit ",
	};
	char to[PREFIX_TEXT_SIZE], via[IP_TEXT_SIZE];
	bool gateway = route->via.family != 0;

	snprintf(text, size, "%s%s%s%s on %s", types[route->type],
		 route->is_default ? "default" :
				     prefix_format(&route->to, route->length,
						   to),
		 gateway ? " via " : "",
		 gateway ? ip_format(&route->via, via) : "", node->name);
}

/* @old: the node in the plan before, or NULL */
static void add_routes(struct rtnl *rtnl, const struct plan_node *node,
		       const struct plan_node *old)
{
	char text[128];
	struct rtnl_msg m;

	for (size_t i = 0; i < node->neighbor_count; i++) {
		const struct plan_neighbor *n = &node->neighbors[i];

		if (old && node_has_neighbor(old, n))
			continue;
		rtnl_build_neighbour(&m, n);
		rtnl_add(rtnl, &m, n->at, "neighbor %s on %s",
			 ip_format(&n->ip, text), node->name);
	}
	for (size_t i = 0; i < node->fdb_count; i++) {
		if (old && node_has_fdb(old, &node->fdb[i]))
			continue;
		rtnl_build_fdb(&m, &node->fdb[i]);
		rtnl_add(rtnl, &m, node->fdb[i].at,
			 "forwarding entry %s on %s",
			 mac_format(node->fdb[i].mac, text), node->name);
	}
	for (size_t i = 0; i < node->route_count; i++) {
		if (old && node_has_route(old, &node->routes[i]))
			continue;
		rtnl_build_route(&m, &node->routes[i]);
		describe_route(node, &node->routes[i], text, sizeof(text));
		rtnl_add(rtnl, &m, node->routes[i].at, "route %s", text);
	}
}

/* The plan's order is that of the file; a lower one may stand behind */
static void add_interfaces(const struct configuration *c, struct rtnl *rtnl,
			   const struct plan_node *node)
{
	size_t left = node->interface_count;

	for (size_t depth = 0; left; depth++) {
		for (size_t k = 0; k < node->interface_count; k++) {
			const struct plan_interface *i = &node->interfaces[k];

			if (interface_depth(c->lab->plan, node, i) != depth)
				continue;
			add_interface(c, rtnl, node, i);
			left--;
		}
	}
}

static int node_configure(const struct configuration *c, struct lc_node *node,
			  struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *old = NULL;
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	if (node_is_new(node)) {
		rtnl_build_link_state(&m, LOOPBACK, true);
		rtnl_add(rtnl, &m, node->plan->at, "link %s:lo up",
			 node->plan->name);
	} else {
		old = &c->lab->before->nodes[node->index];
		node_unmake(rtnl, old, node->plan);
	}
	add_interfaces(c, rtnl, node->plan);
	add_routes(rtnl, node->plan, old);
	r = rtnl_commit(rtnl, ret_at, err);
	if (r == -ENOENT && strstr(err->text, "qdisc kind is unknown"))
		return lc_err_set(err, -EOPNOTSUPP,
				  "this kernel has no netem, which `delay`, "
				  "`jitter`, `loss` and `rate` need "
				  "(CONFIG_NET_SCH_NETEM)");
	return r;
}

int nodes_configure(struct lc_lab *lab, struct lc_at *ret_at,
		    struct lc_err *err)
{
	struct configuration c = {
		.lab = lab,
		.kernel_has_ipv6 = !access("/proc/sys/net/ipv6", F_OK),
		.ports_wait = ports_wait(lab->plan),
	};
	int r = 0;

	for (size_t depth = 0, left = lab->node_count; left && !r; depth++) {
		for (size_t i = 0; i < lab->node_count && !r; i++) {
			struct lc_node *node = &lab->nodes[i];

			if (plan_node_depth(lab->plan, node->plan) != depth)
				continue;
			left--;
			if (node_stands(node) && !node->plan->absent)
				r = node_configure(&c, node, ret_at, err);
		}
	}
	return r;
}
