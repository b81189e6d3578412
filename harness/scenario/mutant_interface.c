// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_interface.c - interfaces that are down, or ports of something else
 *
 * The bridge's end of a container's cable has no name in the file: what is wrong
 * with it is said of the container's.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "mutant_kinds.h"

static struct mutant of_interface(const struct plan_node *node,
				  const struct plan_interface *i,
				  mutant_apply *apply)
{
	return (struct mutant){
		.apply = apply, .at = i->at, .node = node->number,
		.ifindex = i->ifindex,
	};
}

static bool is_above(const struct plan_node *other,
		     const struct plan_interface *upper,
		     const struct plan_node *node, uint32_t ifindex)
{
	uint32_t below = upper->lower_node;

	return upper->lower == ifindex &&
	       (upper->kind == KIND_VLAN || upper->kind == KIND_MACVLAN) &&
	       (below == NO_NODE ? other->number : below) == node->number;
}

/* With all that stands on it */
static void down(struct plan *plan, struct plan_node *node,
		 struct plan_interface *interface)
{
	uint32_t ifindex = interface->ifindex;

	if (!interface->up)
		return;
	interface->up = false;
	routes_prune(node);
	KEEP_IF(node->neighbors, node->neighbor_count,
		node->neighbors[i].ifindex != ifindex);
	for (size_t n = 0; n < plan->node_count; n++) {
		struct plan_node *other = &plan->nodes[n];

		for (size_t i = 0; i < other->interface_count; i++)
			if (is_above(other, &other->interfaces[i], node,
				     ifindex))
				down(plan, other, &other->interfaces[i]);
	}
}

static void apply_down(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		down(plan, &plan->nodes[m->node], i);
}

static void apply_up(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->up = true;
}

static void apply_no_port(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (!i)
		return;
	i->master = i->openvswitch = 0;
	i->isolated = i->hairpin = false;
}

static void apply_other_bridge(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i && i->master)
		i->master = m->number;
	else if (i && i->openvswitch)
		i->openvswitch = m->number;
}

static void apply_not_isolated(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->isolated = false;
}

static void apply_no_hairpin(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->hairpin = false;
}

static void apply_no_ipv6(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->ipv6 = false;
}

/* The node's next one of the same kind, or NULL */
static const struct plan_interface *
other_master(const struct plan_node *node, const struct plan_interface *port)
{
	const struct plan_interface *master = plan_interface_by_index(
		node, port->master ?: port->openvswitch);
	size_t count = node->interface_count, at;

	if (!master)
		return NULL;
	at = (size_t)(master - node->interfaces);
	for (size_t k = 1; k < count; k++) {
		const struct plan_interface *other =
			&node->interfaces[(at + k) % count];

		if (other->kind == master->kind && other->up)
			return other;
	}
	return NULL;
}

static void add_port(struct mutants *mutants, const struct plan_node *node,
		     const struct plan_interface *i)
{
	uint32_t ifindex = i->master ?: i->openvswitch;
	const struct plan_interface *master, *other;
	struct mutant m;

	if (!ifindex)
		return;
	master = plan_interface_by_index(node, ifindex);
	mutants_add(mutants, of_interface(node, i, apply_no_port),
		    "%s:%s is no port of %s", node->name, i->name,
		    master ? master->name : "its bridge");
	other = other_master(node, i);
	m = of_interface(node, i, apply_other_bridge);
	if (other) {
		m.number = other->ifindex;
		mutants_add(mutants, m, "%s:%s is a port of %s, not %s",
			    node->name, i->name, other->name, master->name);
	}
	if (i->isolated)
		mutants_add(mutants, of_interface(node, i, apply_not_isolated),
			    "%s:%s is not isolated", node->name, i->name);
}

static bool publishes(const struct plan *plan, uint32_t container)
{
	for (size_t i = 0; i < plan->published_count; i++)
		if (plan->published[i].container == container)
			return true;
	return false;
}

/* What is wrong with the other end of a container's cable */
static void add_plug(struct mutants *mutants, const struct plan *plan,
		     const struct plan_node *node,
		     const struct plan_interface *i)
{
	const struct plan_interface *port = interface_peer(plan, i), *other;
	const struct plan_node *host;
	struct mutant m;

	if (!port || i->network == NO_NETWORK)
		return;
	host = &plan->nodes[i->peer_node];
	other = other_master(host, port);
	m = of_interface(host, port, apply_other_bridge);
	m.at = i->at;
	if (other) {
		m.number = other->ifindex;
		mutants_add(mutants, m, "%s:%s is plugged into %s", node->name,
			    i->name, other->name);
	}
	m.apply = apply_no_hairpin;
	if (port->hairpin && publishes(plan, node->number))
		mutants_add(mutants, m, "nothing turns round to %s:%s",
			    node->name, i->name);
}

static bool has_ipv6_address(const struct plan_interface *i)
{
	for (size_t k = 0; k < i->address_count; k++)
		if (i->addresses[k].ip.family == AF_INET6)
			return true;
	return false;
}

/* The bridge's end of a container's cable */
static bool is_networks(const struct plan *plan, const struct plan_interface *i)
{
	const struct plan_interface *peer = interface_peer(plan, i);

	return peer && peer->network != NO_NETWORK && i->network == NO_NETWORK;
}

static void add_state(struct mutants *mutants, const struct plan_node *node,
		      const struct plan_interface *i)
{
	if (i->kind == KIND_LOOPBACK)
		return;
	if (i->up)
		mutants_add(mutants, of_interface(node, i, apply_down),
			    "%s:%s is down", node->name, i->name);
	else
		mutants_add(mutants, of_interface(node, i, apply_up),
			    "%s:%s is up", node->name, i->name);
	if (i->ipv6 && i->network == NO_NETWORK && !has_ipv6_address(i))
		mutants_add(mutants, of_interface(node, i, apply_no_ipv6),
			    "%s:%s has no IPv6", node->name, i->name);
}

void mutants_of_interfaces(struct mutants *mutants, const struct plan *plan,
			   const struct plan_node *node)
{
	for (size_t k = 0; k < node->interface_count; k++) {
		const struct plan_interface *i = &node->interfaces[k];

		if (is_networks(plan, i))
			continue;
		add_state(mutants, node, i);
		add_port(mutants, node, i);
		add_plug(mutants, plan, node, i);
		mutants_of_link(mutants, plan, node, i);
		mutants_of_addresses(mutants, plan, node, i);
	}
}
