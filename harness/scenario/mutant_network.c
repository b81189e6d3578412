// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_network.c - breaking what a Docker-like network expands into
 *
 * One mutant for each thing that a user has a name for.  What keeps networks
 * apart is one rule in each of two chains, and neither alone lets a conversation
 * through; so both go together.  What no other network of the host, and nobody
 * outside, would make a difference for is left alone.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "mutant_kinds.h"

enum { ETHERNET_MTU = 1500 };

static bool is(const char *name, const char *bridge)
{
	return name && !strcmp(name, bridge);
}

static bool masquerades(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_NAT && r->verdict == RULE_MASQUERADE &&
	       r->out_not && is(r->out, bridge);
}

static bool separates(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_FILTER &&
	       !strncmp(r->chain, "DOCKER-ISOLATION-", 17) &&
	       (is(r->in, bridge) || is(r->out, bridge));
}

static bool forbids_icc(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_FILTER && r->verdict == RULE_DROP &&
	       !strcmp(r->chain, "FORWARD") && is(r->in, bridge) &&
	       is(r->out, bridge);
}

typedef bool rule_test(const struct plan_rule *rule, const char *bridge);

static bool has_rule(const struct plan_node *host, rule_test *test,
		     const char *bridge)
{
	for (size_t i = 0; i < host->rule_count; i++)
		if (test(&host->rules[i], bridge))
			return true;
	return false;
}

static const char *bridge_of(const struct plan *plan, const struct mutant *m)
{
	return plan->networks[m->network].bridge;
}

static void apply_no_masquerade(struct plan *plan, const struct mutant *m)
{
	struct plan_node *host = &plan->nodes[m->node];

	KEEP_IF(host->rules, host->rule_count,
		!masquerades(&host->rules[i], bridge_of(plan, m)));
}

static void apply_not_apart(struct plan *plan, const struct mutant *m)
{
	struct plan_node *host = &plan->nodes[m->node];

	KEEP_IF(host->rules, host->rule_count,
		!separates(&host->rules[i], bridge_of(plan, m)));
}

static void apply_icc(struct plan *plan, const struct mutant *m)
{
	struct plan_node *host = &plan->nodes[m->node];

	for (size_t i = 0; i < host->rule_count; i++)
		if (forbids_icc(&host->rules[i], bridge_of(plan, m)))
			host->rules[i].verdict = RULE_ACCEPT;
}

size_t network_size(const struct plan *plan, uint32_t network)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->endpoint_count; i++)
		count += plan->endpoints[i].network == network;
	return count;
}

/* Whether somebody is there whom these rules alone keep out: not an internal
 * network, whose own do, unless it is this one */
static bool has_neighbour(const struct plan *plan, uint32_t number)
{
	const struct plan_network *this = &plan->networks[number];

	if (!network_size(plan, number))
		return false;
	for (uint32_t i = 0; i < plan->network_count; i++) {
		const struct plan_network *other = &plan->networks[i];

		if (i != number && other->driver == DRIVER_BRIDGE &&
		    other->host == this->host && network_size(plan, i) &&
		    (this->internal || !other->internal))
			return true;
	}
	return this->internal && host_has_outside(&plan->nodes[this->host]);
}

static void of_bridge(struct mutants *mutants, const struct plan *plan,
		      uint32_t number)
{
	const struct plan_network *n = &plan->networks[number];
	const struct plan_node *host = &plan->nodes[n->host];
	struct mutant m = { .at = n->at, .node = n->host, .network = number };

	m.apply = apply_no_masquerade;
	if (has_rule(host, masquerades, n->bridge) && host_has_outside(host) &&
	    network_size(plan, number))
		mutants_add(mutants, m, "network %s does not masquerade",
			    n->name);
	m.apply = apply_not_apart;
	if (has_rule(host, separates, n->bridge) && has_neighbour(plan, number))
		mutants_add(mutants, m, "network %s is not kept apart",
			    n->name);
	m.apply = apply_icc;
	if (has_rule(host, forbids_icc, n->bridge) &&
	    network_size(plan, number) > 1)
		mutants_add(mutants, m, "network %s lets its containers talk",
			    n->name);
}

/* Those of its containers, with the far ends of their cables */
static void apply_mtu(struct plan *plan, const struct mutant *m)
{
	for (size_t n = 0; n < plan->node_count; n++) {
		struct plan_node *node = &plan->nodes[n];

		for (size_t i = 0; i < node->interface_count; i++) {
			struct plan_interface *f = &node->interfaces[i];

			if (f->network != m->network)
				continue;
			f->mtu = 0;
			if (f->kind == KIND_VETH && f->peer_node != NO_NODE)
				plan->nodes[f->peer_node]
					.interfaces[f->peer_interface]
					.mtu = 0;
		}
	}
}

static const struct plan_interface *
interface_in(const struct plan *plan, uint32_t network)
{
	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (plan->endpoints[i].network == network)
			return plan_interface_by_index(
				&plan->nodes[plan->endpoints[i].node],
				plan->endpoints[i].ifindex);
	return NULL;
}

static void apply_vni(struct plan *plan, const struct mutant *m)
{
	struct plan_interface *i = mutant_interface(plan, m);

	if (i)
		i->vni = m->number;
}

/* Whether another host has it, too */
static bool is_shared(const struct plan *plan, uint32_t vni)
{
	size_t count = 0;

	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; plan->nodes[n].made &&
				   i < plan->nodes[n].interface_count; i++)
			count += plan->nodes[n].interfaces[i].vni == vni;
	return count > 1;
}

/* What is behind an overlay's bridge: a number that others don't use */
static void of_made(struct mutants *mutants, const struct plan *plan,
		    const struct plan_node *node)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct plan_interface *f = &node->interfaces[i];
		struct mutant m = {
			.apply = apply_vni, .at = f->at, .node = node->number,
			.ifindex = f->ifindex, .number = f->vni ^ 0x800000,
		};

		if (f->kind == KIND_VXLAN && f->underlay != NO_NODE &&
		    is_shared(plan, f->vni))
			mutants_add(mutants, m, "%s on %s has VNI %u, not %u",
				    f->name, plan->nodes[f->underlay].name,
				    m.number, f->vni);
	}
}

static bool is_known(const struct plan *plan,
		     const struct plan_endpoint *endpoint)
{
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; plan->nodes[n].made &&
				   i < plan->nodes[n].fdb_count; i++)
			if (!memcmp(plan->nodes[n].fdb[i].mac, endpoint->mac,
				    sizeof(endpoint->mac)))
				return true;
	return false;
}

/* Nobody on another host has its MAC address, nor where it lives */
static void apply_forgotten(struct plan *plan, const struct mutant *m)
{
	const struct plan_endpoint *e = m->what;

	for (size_t n = 0; n < plan->node_count; n++) {
		struct plan_node *node = &plan->nodes[n];

		if (!node->made)
			continue;
		KEEP_IF(node->fdb, node->fdb_count,
			memcmp(node->fdb[i].mac, e->mac, sizeof(e->mac)));
		KEEP_IF(node->neighbors, node->neighbor_count,
			memcmp(node->neighbors[i].mac, e->mac,
			       sizeof(e->mac)));
	}
}

static void of_endpoint(struct mutants *mutants, const struct plan *plan,
			const struct plan_endpoint *e)
{
	if (plan->networks[e->network].driver == DRIVER_OVERLAY &&
	    is_known(plan, e))
		mutants_add(mutants, (struct mutant){
			.apply = apply_forgotten, .at = e->at, .node = e->node,
			.what = e,
		}, "other hosts of network %s don't know %s",
			plan->networks[e->network].name,
			plan->nodes[e->node].name);
}

static void of_network(struct mutants *mutants, const struct plan *plan,
		       uint32_t number)
{
	const struct plan_network *n = &plan->networks[number];
	const struct plan_interface *i = interface_in(plan, number);

	if (i && i->mtu && i->mtu != ETHERNET_MTU)
		mutants_add(mutants, (struct mutant){
			.apply = apply_mtu, .at = n->at, .node = NO_NODE,
			.network = number,
		}, "network %s has the kernel's MTU", n->name);
	if (n->driver == DRIVER_BRIDGE && n->host != NO_NODE)
		of_bridge(mutants, plan, number);
}

void mutants_of_networks(struct mutants *mutants, const struct plan *plan)
{
	for (size_t i = 0; i < plan->network_count; i++)
		of_network(mutants, plan, (uint32_t)i);
	for (size_t i = 0; i < plan->endpoint_count; i++)
		of_endpoint(mutants, plan, &plan->endpoints[i]);
	for (size_t n = 0; n < plan->node_count; n++)
		if (plan->nodes[n].made)
			of_made(mutants, plan, &plan->nodes[n]);
}
