// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant.c - every way to break a lab that its plan knows
 *
 * A plan holds more than a file asks for.  Entries without a place in the file
 * are labcheck's own; of what is made for a network, only a container's end of
 * its cable counts by itself, and the rest as what a user has a name for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "arena.h"
#include "mutant_kinds.h"

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

struct plan_interface *mutant_interface(struct plan *plan,
					const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].ifindex == m->ifindex)
			return &node->interfaces[i];
	return NULL;
}

const struct plan_interface *interface_peer(const struct plan *plan,
					    const struct plan_interface *i)
{
	if (i->kind != KIND_VETH || i->peer_node == NO_NODE)
		return NULL;
	return &plan->nodes[i->peer_node].interfaces[i->peer_interface];
}

bool node_has_ip(const struct plan_node *node, const struct lc_ip *ip)
{
	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			if (ip_equal(&node->interfaces[i].addresses[k].ip, ip))
				return true;
	return false;
}

static bool is_taken(const struct plan *plan, const struct lc_ip *ip)
{
	for (size_t n = 0; n < plan->node_count; n++)
		if (node_has_ip(&plan->nodes[n], ip))
			return true;
	return false;
}

/* From the end of the subnet, where files seldom name any */
bool ip_other(const struct plan *plan, const struct lc_ip *ip, uint8_t length,
	      struct lc_ip *ret_ip)
{
	enum { TRIES = 1024 };
	struct lc_ip last = ip_last(ip, length), other;

	for (int i = 1; i < TRIES; i++) {
		unsigned int below = (unsigned int)i;

		other = last;
		for (size_t b = ip_bits(ip->family) / 8; below && b-- > 0;) {
			unsigned int byte = other.bytes[b];

			other.bytes[b] = (uint8_t)(byte - below);
			below = byte < below;
		}
		if (!prefix_has_host(ip, length, &other))
			continue;
		if (!is_taken(plan, &other)) {
			*ret_ip = other;
			return true;
		}
	}
	return false;
}

uint8_t ip_common(const struct lc_ip *a, const struct lc_ip *b)
{
	uint8_t length = 0;

	while (length < ip_bits(a->family) &&
	       prefix_contains(a, length + 1, b))
		length++;
	return length;
}

static void of_node(struct mutants *mutants, const struct plan *plan,
		    const struct plan_node *node)
{
	mutants_of_interfaces(mutants, plan, node);
	mutants_of_routes(mutants, plan, node);
	mutants_of_entries(mutants, plan, node);
	mutants_of_sysctls(mutants, node);
	mutants_of_rules(mutants, plan, node);
}

void mutants_make(struct mutants *mutants, const struct plan *plan)
{
	const struct plan *first = plan;

	*mutants = (struct mutants){ .arena = arena_new() };
	for (; plan; plan = plan->next) {
		for (size_t n = 0; n < plan->node_count; n++)
			if (!plan->nodes[n].made)
				of_node(mutants, plan, &plan->nodes[n]);
		mutants_of_macs(mutants, plan);
		mutants_of_networks(mutants, plan);
		mutants_of_firewalls(mutants, plan);
		mutants_of_published(mutants, plan);
		mutants_of_names(mutants, plan);
	}
	mutants_of_words(mutants, first);
}

void mutants_done(struct mutants *mutants)
{
	arena_free(mutants->arena);
	*mutants = (struct mutants){ 0 };
}
