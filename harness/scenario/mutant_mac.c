// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_mac.c - MAC addresses that are others, or somebody else's
 *
 * Another one matters where the file gives it.  One that two stations of a
 * bridge have, as clones of a machine do, cuts them off from each other: the
 * bridge takes what one sends to the other for a packet that is there already.
 * Right across a cable it would harm nobody, and two macvlans of one parent
 * the kernel does not let have one.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "mutant_kinds.h"

static void apply_mac(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		memcpy(i->mac, m->mac, sizeof(i->mac));
}

static bool is_taken(const struct plan *plan, const uint8_t mac[6])
{
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t k = 0; k < plan->nodes[n].interface_count; k++)
			if (!memcmp(plan->nodes[n].interfaces[k].mac, mac, 6))
				return true;
	return false;
}

static void add_other(struct mutants *mutants, const struct plan *plan,
		      const struct plan_node *node,
		      const struct plan_interface *i)
{
	struct mutant m = {
		.apply = apply_mac, .at = i->at, .node = node->number,
		.ifindex = i->ifindex,
	};
	char is[MAC_TEXT_SIZE], was[MAC_TEXT_SIZE];

	memcpy(m.mac, i->mac, sizeof(m.mac));
	do
		m.mac[5]++;
	while (is_taken(plan, m.mac) && m.mac[5] != i->mac[5]);
	mutants_add(mutants, m, "%s:%s has the MAC address %s, not %s",
		    node->name, i->name, mac_format(m.mac, is),
		    mac_format(i->mac, was));
}

/* The far end of a port, if it is no bridge's and somebody's own */
static const struct plan_interface *station(const struct plan *plan,
					    const struct plan_interface *port)
{
	const struct plan_interface *peer = interface_peer(plan, port);

	if (!peer || peer->master || peer->openvswitch || !peer->has_mac ||
	    plan->nodes[port->peer_node].made)
		return NULL;
	return peer;
}

static void add_same(struct mutants *mutants, const struct plan *plan,
		     const struct plan_interface *port,
		     const struct plan_interface *before)
{
	const struct plan_interface *this = station(plan, port);
	const struct plan_interface *other = station(plan, before);
	struct mutant m = {
		.apply = apply_mac, .at = this->at, .node = port->peer_node,
		.ifindex = this->ifindex,
	};

	memcpy(m.mac, other->mac, sizeof(m.mac));
	mutants_add(mutants, m, "%s:%s has the MAC address of %s:%s",
		    plan->nodes[port->peer_node].name, this->name,
		    plan->nodes[before->peer_node].name, other->name);
}

/* Each station of a bridge and the one before it, if they may talk */
static void of_bridge(struct mutants *mutants, const struct plan *plan,
		      const struct plan_node *node, uint32_t bridge)
{
	const struct plan_interface *before = NULL;

	for (size_t k = 0; k < node->interface_count; k++) {
		const struct plan_interface *port = &node->interfaces[k];

		if ((port->master != bridge && port->openvswitch != bridge) ||
		    !station(plan, port))
			continue;
		if (before && !(before->isolated && port->isolated) &&
		    before->peer_node != port->peer_node)
			add_same(mutants, plan, port, before);
		before = port;
	}
}

void mutants_of_macs(struct mutants *mutants, const struct plan *plan)
{
	for (size_t n = 0; n < plan->node_count; n++) {
		const struct plan_node *node = &plan->nodes[n];

		for (size_t k = 0; k < node->interface_count; k++) {
			const struct plan_interface *i = &node->interfaces[k];

			if (i->mac_said)
				add_other(mutants, plan, node, i);
			if (i->kind == KIND_BRIDGE ||
			    i->kind == KIND_OPENVSWITCH)
				of_bridge(mutants, plan, node, i->ifindex);
		}
	}
}
