// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_link.c - what cables, vxlans, vlans and macvlans are given, changed
 *
 * What a link says is said of both its ends, so it is one mutant.
 */
#include <labcheck/check.h>

#include "address.h"
#include "mutant_kinds.h"

enum { ETHERNET_MTU = 1500 };
enum { LAST_VNI = (1 << 24) - 1, LAST_VLAN = 4094, LAST_PORT = 65535 };

/**
 * struct adder - What the mutants of one interface have in common
 */
struct adder {
	struct mutants *mutants;
	const struct plan *plan;
	const struct plan_node *node;
	const struct plan_interface *i;
};

static struct mutant begin(const struct adder *a, mutant_apply *apply)
{
	return (struct mutant){
		.apply = apply, .at = a->i->at, .node = a->node->number,
		.ifindex = a->i->ifindex,
	};
}

/* Both ends of a cable, or the interface alone; NULL ends them */
static void ends_find(struct plan *plan, const struct mutant *m,
		      struct plan_interface *ends[3])
{
	struct plan_interface *i = mutant_interface(plan, m);

	ends[0] = i;
	ends[1] = ends[2] = NULL;
	if (i && i->kind == KIND_VETH && i->peer_node != NO_NODE)
		ends[1] = &plan->nodes[i->peer_node]
				   .interfaces[i->peer_interface];
}

static void apply_no_delay(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *ends[3];

	ends_find(plan, m, ends);
	for (int i = 0; ends[i]; i++)
		ends[i]->delay_ns = ends[i]->jitter_ns = 0;
}

static void apply_no_loss(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *ends[3];

	ends_find(plan, m, ends);
	for (int i = 0; ends[i]; i++)
		ends[i]->loss = 0;
}

static void apply_no_rate(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *ends[3];

	ends_find(plan, m, ends);
	for (int i = 0; ends[i]; i++)
		ends[i]->rate = 0;
}

static void apply_mtu(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *ends[3];
	uint32_t mtu;

	ends_find(plan, m, ends);
	mtu = ends[0] ? ends[0]->mtu : 0;
	for (int i = 0; ends[i]; i++)
		if (ends[i]->mtu == mtu)
			ends[i]->mtu = 0;
}

/* A vxlan's hangs on what it stands on */
static bool is_default(const struct plan_interface *i)
{
	return i->kind != KIND_VXLAN && i->mtu == ETHERNET_MTU;
}

static void add_cable(const struct adder *a)
{
	const struct plan_interface *i = a->i;
	const struct plan_interface *peer = interface_peer(a->plan, i);
	const char *node = a->node->name;

	if (i->mtu && i->network == NO_NETWORK && !is_default(i) &&
	    (!peer || i->first_end || peer->mtu != i->mtu))
		mutants_add(a->mutants, begin(a, apply_mtu),
			    "%s:%s has the kernel's MTU", node, i->name);
	if (peer && !i->first_end)
		return;
	if (i->delay_ns || i->jitter_ns)
		mutants_add(a->mutants, begin(a, apply_no_delay),
			    "the link of %s:%s has no delay", node, i->name);
	if (i->loss)
		mutants_add(a->mutants, begin(a, apply_no_loss),
			    "the link of %s:%s loses nothing", node, i->name);
	if (i->rate)
		mutants_add(a->mutants, begin(a, apply_no_rate),
			    "the link of %s:%s has no limit of rate", node,
			    i->name);
}

static void apply_vni(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->vni = m->number;
}

static void apply_port(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->port = (uint16_t)m->number;
}

static void apply_remote(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->remote = m->ip;
}

/* The next, or the one before where there is none */
static uint32_t next_of(uint32_t number, uint32_t last)
{
	return number < last ? number + 1 : number - 1;
}

static void add_vxlan(const struct adder *a)
{
	const struct plan_interface *i = a->i;
	struct mutant m = begin(a, apply_vni);
	char ip[IP_TEXT_SIZE];

	m.number = next_of(i->vni, LAST_VNI);
	mutants_add(a->mutants, m, "%s:%s has VNI %u, not %u", a->node->name,
		    i->name, m.number, i->vni);
	m = begin(a, apply_port);
	m.number = next_of(i->port, LAST_PORT);
	if (i->port)
		mutants_add(a->mutants, m, "%s:%s uses port %u, not %u",
			    a->node->name, i->name, m.number, i->port);
	m = begin(a, apply_remote);
	if (i->remote.family && !ip_is_multicast(&i->remote) &&
	    ip_other(a->plan, &i->remote, ip_bits(i->remote.family) - 8,
		     &m.ip))
		mutants_add(a->mutants, m, "%s:%s sends to %s", a->node->name,
			    i->name, ip_format(&m.ip, ip));
}

static void apply_vlan(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->vlan = (uint16_t)m->number;
}

static void apply_lower(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->lower = m->number;
}

static void apply_mode(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->mode = (int)m->number;
}

/* Something else that one could stand on as well */
static const struct plan_interface *other_lower(const struct adder *a)
{
	const struct plan_node *below;
	const struct plan_interface *lower =
		plan_interface_below(a->plan, a->node, a->i, &below);

	for (size_t k = 0; lower && k < below->interface_count; k++) {
		const struct plan_interface *other = &below->interfaces[k];

		if (other != lower && other->kind == KIND_VETH && other->up &&
		    !other->master && !other->openvswitch)
			return other;
	}
	return NULL;
}

static void add_upper(const struct adder *a)
{
	const struct plan_interface *i = a->i, *other = other_lower(a);
	struct mutant m = begin(a, apply_lower);

	if (!other)
		return;
	m.number = other->ifindex;
	mutants_add(a->mutants, m, "%s:%s stands on %s", a->node->name,
		    i->name, other->name);
}

static void add_vlan(const struct adder *a)
{
	struct mutant m = begin(a, apply_vlan);

	m.number = next_of(a->i->vlan, LAST_VLAN);
	mutants_add(a->mutants, m, "%s:%s has VLAN %u, not %u", a->node->name,
		    a->i->name, m.number, a->i->vlan);
}

/* Alone on its lower, it has nobody to be let to or kept from */
static bool is_alone(const struct adder *a)
{
	const struct plan_node *below = NULL, *other_below = NULL;
	const struct plan_interface *lower =
		plan_interface_below(a->plan, a->node, a->i, &below);

	for (size_t n = 0; n < a->plan->node_count; n++) {
		const struct plan_node *node = &a->plan->nodes[n];

		for (size_t k = 0; k < node->interface_count; k++) {
			const struct plan_interface *i = &node->interfaces[k];

			if (i != a->i && i->kind == KIND_MACVLAN &&
			    plan_interface_below(a->plan, node, i,
						 &other_below) == lower)
				return false;
		}
	}
	return true;
}

static void add_mode(const struct adder *a)
{
	struct mutant m = begin(a, apply_mode);

	m.number = a->i->mode == MACVLAN_PRIVATE ? MACVLAN_BRIDGE :
						   MACVLAN_PRIVATE;
	if (a->i->mode != MACVLAN_PASSTHRU && !is_alone(a))
		mutants_add(a->mutants, m, "%s:%s %s", a->node->name,
			    a->i->name,
			    m.number == MACVLAN_PRIVATE ?
				    "is private to others on its parent" :
				    "is open to others on its parent");
}

void mutants_of_link(struct mutants *mutants, const struct plan *plan,
		     const struct plan_node *node,
		     const struct plan_interface *i)
{
	const struct adder a = { mutants, plan, node, i };

	add_cable(&a);
	if (i->kind == KIND_VXLAN)
		add_vxlan(&a);
	else if (i->kind == KIND_VLAN)
		add_vlan(&a);
	else if (i->kind == KIND_MACVLAN)
		add_mode(&a);
	if (i->kind == KIND_VLAN || i->kind == KIND_MACVLAN)
		add_upper(&a);
}
