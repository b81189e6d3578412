// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * macvlan.c - networks whose containers sit on an interface of their host
 *
 * As Docker's driver of that name: a container's interface is a macvlan on the
 * host's `parent` and lives in the container, so that the machines out there see
 * it as one of theirs, with a MAC and an address of its own.  No bridge, no
 * rules, and the gateway is a machine out there.  The host itself is not
 * reached, nor does it reach them: what a macvlan sends leaves by the cable,
 * and what the parent sends never looks at the macvlans above it.  That is the
 * kernel's doing, and nothing here has to forbid it.
 */
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

/* Docker's words: the parent of two networks would take frames for one */
static bool parent_is_free(const struct networks *networks,
			   const struct network *network)
{
	const struct network *other;
	uint32_t i;

	for (i = 0; i < network->number; i++) {
		other = &networks->items[i];
		if (other->driver != DRIVER_MACVLAN ||
		    other->host != network->host ||
		    other->parent != network->parent)
			continue;
		lc_problem(networks->e->problems, network->said->parent.at,
			   "network %s is already using parent interface %s",
			   other->name, network->said->parent.text);
		return false;
	}
	return true;
}

static uint32_t parent_find(struct networks *networks,
			    const struct network *network)
{
	struct lc_problems *problems = networks->e->problems;
	const struct lc_scalar *said = &network->said->parent;
	const char *host = networks->e->plan->nodes[network->host].name;
	uint32_t position;

	if (!said->text) {
		if (!lc_given(said) && !problems->networks_partial)
			lc_problem(problems, network->at,
				   "macvlan network %s needs `parent`, an interface of %s",
				   network->name, host);
		return NO_INTERFACE;
	}
	if (!strcmp(said->text, "lo")) {
		lc_problem(problems, said->at,
			   "loopback interface is not a valid macvlan parent link");
		return NO_INTERFACE;
	}
	position = interface_position(networks->e, network->host, said->text);
	/* In a later state it may have gone, with the far end of its cable */
	if (position == NO_INTERFACE && !problems->partial &&
	    !networks->e->state)
		lc_problem(problems, said->at,
			   "%s has no interface %s that network %s could stand on",
			   host, said->text, network->name);
	return position;
}

void macvlan_plan(struct networks *networks, struct network *network)
{
	const struct network_said *said = network->said;

	if (network->host == NO_NODE)
		return;
	network->parent = parent_find(networks, network);
	if (network->parent == NO_INTERFACE ||
	    !parent_is_free(networks, network))
		network->host = NO_NODE;
	else
		networks->e->made[network->host].carries = true;
	if (said->mode.choice != MACVLAN_BRIDGE &&
	    said->mode.choice != MACVLAN_PRIVATE)
		lc_problem(networks->e->problems, said->mode.at,
			   "a network's macvlans are of mode bridge or private");
}

/* Whether @node stands, by other nodes perhaps, on @other */
static bool stands_on(const struct plan *plan, uint32_t node, uint32_t other)
{
	const struct plan_node *n = &plan->nodes[node];
	uint32_t lower;
	size_t i;

	if (node == other)
		return true;
	for (i = 0; i < n->interface_count; i++) {
		lower = n->interfaces[i].lower_node;
		if (lower != NO_NODE && stands_on(plan, lower, other))
			return true;
	}
	return false;
}

void macvlan_attach(struct networks *networks, const struct network *network,
		    uint32_t node, uint32_t position)
{
	const struct plan *plan = networks->e->plan;
	struct plan_interface *eth = &plan->nodes[node].interfaces[position];

	if (stands_on(plan, network->host, node)) {
		lc_problem(networks->e->problems, eth->at,
			   "%s stands on %s, which stands on it by another network",
			   plan->nodes[node].name,
			   plan->nodes[network->host].name);
		return;
	}
	eth->kind = KIND_MACVLAN;
	eth->lower_node = network->host;
	eth->lower = plan->nodes[network->host]
			     .interfaces[network->parent].ifindex;
	eth->mode = network->said->mode.choice;
	eth->mtu = network->mtu;
}
