// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant.c - every way to break a lab that its plan knows
 *
 * A plan holds more than a file asks for.  Entries without a place in the file
 * are labcheck's own; of what is made for a network, only a container's end of
 * its cable counts here, and the rest is in mutant_network.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "arena.h"
#include "mutant.h"

static bool is_there(const struct mutants *mutants, uint32_t node,
		     const char *words)
{
	for (size_t i = 0; i < mutants->count; i++)
		if (mutants->items[i].node == node &&
		    !strcmp(mutants->items[i].words, words))
			return true;
	return false;
}

void mutants_add(struct mutants *mutants, struct mutant mutant,
		 const char *format, ...)
{
	char words[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	if (is_there(mutants, mutant.node, words))
		return;
	mutant.words = arena_strdup(mutants->arena, words);
	mutants->items = arena_grow(mutants->arena, mutants->items,
				    mutants->count, sizeof(mutant));
	mutants->items[mutants->count++] = mutant;
}

static struct mutant of_interface(const struct plan_node *node,
				  const struct plan_interface *i,
				  enum mutant_kind kind)
{
	return (struct mutant){
		.kind = kind, .at = i->at, .node = node->number,
		.ifindex = i->ifindex,
	};
}

static const struct plan_interface *peer_of(const struct plan *plan,
					    const struct plan_interface *i)
{
	if (i->kind != KIND_VETH || i->peer_node == NO_NODE)
		return NULL;
	return &plan->nodes[i->peer_node].interfaces[i->peer_interface];
}

/* The bridge's end of a container's cable, which has no name in the file */
static bool is_networks(const struct plan *plan, const struct plan_interface *i)
{
	const struct plan_interface *peer = peer_of(plan, i);

	return peer && peer->network != NO_NETWORK && i->network == NO_NETWORK;
}

static void add_port(struct mutants *mutants, const struct plan_node *node,
		     const struct plan_interface *i)
{
	uint32_t ifindex = i->master ?: i->openvswitch;
	const struct plan_interface *master;

	if (!ifindex)
		return;
	master = plan_interface_by_index(node, ifindex);
	mutants_add(mutants, of_interface(node, i, MUTANT_PORT),
		    "%s:%s is no port of %s", node->name, i->name,
		    master ? master->name : "its bridge");
	if (i->isolated)
		mutants_add(mutants, of_interface(node, i, MUTANT_ISOLATED),
			    "%s:%s is not isolated", node->name, i->name);
}

/* What a link says, it says of both ends */
static void add_cable(struct mutants *mutants, const struct plan *plan,
		      const struct plan_node *node,
		      const struct plan_interface *i)
{
	const struct plan_interface *peer = peer_of(plan, i);

	if ((i->delay_ns || i->jitter_ns || i->loss || i->rate) &&
	    (!peer || i->first_end))
		mutants_add(mutants, of_interface(node, i, MUTANT_NETEM),
			    "the link of %s:%s is neither slow nor lossy",
			    node->name, i->name);
	if (i->mtu && i->network == NO_NETWORK &&
	    (!peer || i->first_end || peer->mtu != i->mtu))
		mutants_add(mutants, of_interface(node, i, MUTANT_MTU),
			    "%s:%s has the kernel's MTU", node->name, i->name);
}

/* Docker's own link-local one, which no file asks for */
static bool is_own_address(const struct plan_interface *i,
			   const struct plan_address *address)
{
	return i->kind == KIND_BRIDGE && i->network != NO_NETWORK &&
	       address->ip.family == AF_INET6 &&
	       address->ip.bytes[0] == 0xfe && address->ip.bytes[1] == 0x80;
}

static void add_addresses(struct mutants *mutants, const struct plan_node *node,
			  const struct plan_interface *i)
{
	char text[PREFIX_TEXT_SIZE];

	for (size_t k = 0; k < i->address_count; k++) {
		const struct plan_address *a = &i->addresses[k];
		struct mutant m = of_interface(node, i, MUTANT_ADDRESS);

		if (is_own_address(i, a))
			continue;
		m.at = a->at;
		m.what = a;
		mutants_add(mutants, m, "%s:%s lacks %s", node->name, i->name,
			    prefix_format(&a->ip, a->length, text));
	}
}

static void add_interfaces(struct mutants *mutants, const struct plan *plan,
			   const struct plan_node *node)
{
	for (size_t k = 0; k < node->interface_count; k++) {
		const struct plan_interface *i = &node->interfaces[k];

		if (is_networks(plan, i))
			continue;
		if (i->up && i->kind != KIND_LOOPBACK)
			mutants_add(mutants, of_interface(node, i, MUTANT_DOWN),
				    "%s:%s is down", node->name, i->name);
		add_port(mutants, node, i);
		add_cable(mutants, plan, node, i);
		add_addresses(mutants, node, i);
	}
}

static void add_routes(struct mutants *mutants, const struct plan_node *node)
{
	for (size_t k = 0; k < node->route_count; k++) {
		const struct plan_route *r = &node->routes[k];
		char to[PREFIX_TEXT_SIZE], via[IP_TEXT_SIZE], table[32] = "";
		const bool gateway = r->via.family;

		if (r->table != 254 && r->table)
			snprintf(table, sizeof(table), " in table %u",
				 r->table);
		mutants_add(mutants, (struct mutant){
			.kind = MUTANT_ROUTE, .at = r->at,
			.node = node->number, .what = r,
		}, "%s lacks the %sroute to %s%s%s%s", node->name,
			r->family == AF_INET6 && r->is_default ? "IPv6 " : "",
			r->is_default ? "default" :
					prefix_format(&r->to, r->length, to),
			gateway ? " via " : "",
			gateway ? ip_format(&r->via, via) : "", table);
	}
}

static void add_entries(struct mutants *mutants, const struct plan_node *node)
{
	char text[IP_TEXT_SIZE];

	for (size_t k = 0; k < node->neighbor_count; k++)
		mutants_add(mutants, (struct mutant){
			.kind = MUTANT_NEIGHBOR, .node = node->number,
			.at = node->neighbors[k].at,
			.what = &node->neighbors[k],
		}, "%s lacks the neighbor %s", node->name,
			ip_format(&node->neighbors[k].ip, text));
	for (size_t k = 0; k < node->fdb_count; k++)
		mutants_add(mutants, (struct mutant){
			.kind = MUTANT_FDB, .node = node->number,
			.at = node->fdb[k].at, .what = &node->fdb[k],
		}, "%s lacks the forwarding entry %s", node->name,
			mac_format(node->fdb[k].mac, text));
	for (size_t k = 0; k < node->service_count; k++)
		mutants_add(mutants, (struct mutant){
			.kind = MUTANT_SERVICE, .node = node->number,
			.at = node->services[k].at,
			.what = &node->services[k],
		}, "%s lacks the service '%.400s'", node->name,
			node->services[k].command);
}

/* On or off becomes the other; what is neither has no opposite */
static const char *opposite(const char *value)
{
	if (!value[0] || value[strspn(value, "0123456789")])
		return NULL;
	return value[strspn(value, "0")] ? "0" : "1";
}

static void add_sysctls(struct mutants *mutants, const struct plan_node *node)
{
	for (size_t k = 0; k < node->sysctl_count; k++) {
		const struct plan_sysctl *s = &node->sysctls[k];
		const char *other = opposite(s->value);
		struct mutant m = {
			.kind = MUTANT_SYSCTL, .node = node->number,
			.at = s->at, .what = s, .text = other,
		};

		if (!s->at.line || s->optional)
			continue;
		if (!strcmp(s->key, "net/ipv4/ip_forward") && other[0] == '0') {
			m.kind = MUTANT_FORWARD;
			mutants_add(mutants, m, "%s does not forward",
				    node->name);
		} else if (other) {
			mutants_add(mutants, m, "%s has %s=%s", node->name,
				    s->key, other);
		} else {
			mutants_add(mutants, m, "%s lacks %s=%s", node->name,
				    s->key, s->value);
		}
	}
}

static void of_node(struct mutants *mutants, const struct plan *plan,
		    const struct plan_node *node)
{
	add_interfaces(mutants, plan, node);
	add_routes(mutants, node);
	add_entries(mutants, node);
	add_sysctls(mutants, node);
	mutants_of_rules(mutants, node);
}

void mutants_make(struct mutants *mutants, const struct plan *plan)
{
	*mutants = (struct mutants){ .arena = arena_new() };
	for (; plan; plan = plan->next) {
		for (size_t n = 0; n < plan->node_count; n++)
			if (!plan->nodes[n].made)
				of_node(mutants, plan, &plan->nodes[n]);
		mutants_of_networks(mutants, plan);
	}
}

void mutants_done(struct mutants *mutants)
{
	arena_free(mutants->arena);
	*mutants = (struct mutants){ 0 };
}
