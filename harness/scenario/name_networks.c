// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * name_networks.c - which networks a scenario has, and what they bring
 *
 * A bridge on the node that carries them, and an interface for each connection
 * of a container: eth0, eth1, ..., as they are numbered when they are planned.
 */
#include <stdio.h>
#include <string.h>
#include <net/if.h>

#include <labcheck/check.h>

#include "scenario/arena.h"
#include "scenario/document.h"
#include "scenario/keys.h"
#include "scenario/names.h"

/*
 * A node that carries a network, and the network's bridge or NULL; `host` is
 * made if nobody declared it
 */
static void add_carrier(struct names *names, const char *on,
			const char *bridge)
{
	struct declared_node *node = names_node(names, on ? on : "host");

	if (!node && (!on || !strcmp(on, "host"))) {
		node = names_make_host(names);
	}
	if (!node)
		return;
	node->carrier = true;
	if (bridge)
		names_add_interface(names, (uint32_t)(node - names->nodes), bridge,
			      (struct lc_at){ 0 });
}

void names_add_kind(struct names *names, uint32_t node, const char *interface)
{
	char place[128];

	snprintf(place, sizeof(place), "%u:%s", node, interface);
	keys_add_name(names->known, NAME_KIND, place, 0);
}

/* By the end of a link, or an entry with a kind */
static bool is_taken(const struct names *names, uint32_t node,
		     const char *interface)
{
	char place[128];

	snprintf(place, sizeof(place), "%s:%s", names->nodes[node].name,
		 interface);
	if (keys_find_name(names->known, NAME_ENDPOINT, place, NULL))
		return true;
	snprintf(place, sizeof(place), "%u:%s", node, interface);
	return keys_find_name(names->known, NAME_KIND, place, NULL);
}

void names_add_eth(struct names *names, uint32_t node)
{
	const char *eth;

	do
		eth = arena_printf(names->arena, "eth%u",
				   names->nodes[node].eths++);
	while (is_taken(names, node, eth));
	/* An entry may add to it */
	if (!keys_find_name(names->known, NAME_INTERFACE + node, eth, NULL))
		names_add_interface(names, node, eth, (struct lc_at){ 0 });
}

void names_add_eths(struct names *names, uint32_t node,
		    const struct document_node *said)
{
	size_t count = names_list(said, "networks")->count;
	const char *network = names_text(said, "network");

	if (network && strcmp(network, "none") && strcmp(network, "host") &&
	    strncmp(network, "container:", 10))
		count++;
	for (size_t i = 0; i < count; i++)
		names_add_eth(names, node);
}

/* The network `bridge` is there without being declared; an overlay is where
 * its containers are, and each has one more interface for the way out */
void names_carry(struct names *names, uint32_t node, const char *network)
{
	if (!network)
		return;
	if (!strcmp(network, "bridge"))
		add_carrier(names, NULL, NULL);
	if (!keys_find_name(names->known, NAME_OVERLAY, network, NULL))
		return;
	add_carrier(names, names->nodes[node].on, "docker_gwbridge");
	names_add_eth(names, node);
}

/* The node for networks that are there without being declared */
void names_carry_all(struct names *names, uint32_t node,
		     const struct document_node *said)
{
	const struct document_node *networks = names_list(said, "networks");
	const char *network = names_text(said, "network");

	if (network && !strcmp(network, "host"))
		add_carrier(names, NULL, NULL);
	names_carry(names, node, network);
	for (size_t i = 0; i < networks->count; i++)
		names_carry(names, node,
			    names_text(networks->items[i], "name"));
}

static void add_network(struct names *names, const char *name)
{
	names->networks = arena_grow(names->arena, names->networks,
				     names->network_count,
				     sizeof(*names->networks));
	names->networks[names->network_count++] = name;
}

/* NULL: it is chosen when the network is expanded */
static const char *bridge_of(struct names *names,
			     const struct document_node *said)
{
	const char *name = names_text(said, "name"), *bridge;

	bridge = names_text(said, "bridge");
	if (bridge || !name || !strcmp(name, "bridge") ||
	    strlen(name) + 3 >= IFNAMSIZ)
		return bridge;
	return arena_printf(names->arena, "br-%s", name);
}

void names_add_network(struct names *names, const struct document_node *said)
{
	const struct document_node *name = names_scalar(said, "name");
	const char *driver = names_text(said, "driver");

	if (driver && !strcmp(driver, "overlay"))
		keys_add_name(names->known, NAME_OVERLAY,
			      name ? name->text : "", 0);
	else
		add_carrier(names, names_text(said, "on"),
			    bridge_of(names, said));
	if (!name)
		return;
	if (!keys_add_name(names->known, NAME_NETWORK, name->text,
			   names->network_count))
		lc_problem(names->problems, name->at,
			   "network '%.60s' is there twice", name->text);
	else
		add_network(names, name->text);
	if (!strcmp(name->text, "host"))
		lc_problem(names->problems, name->at,
			   "network 'host' is there already, and is no bridge");
}

/* Networks that are there without being declared */
void names_add_own_networks(struct names *names)
{
	static const char *const own[] = { "bridge", "host" };

	for (size_t i = 0; i < 2; i++)
		if (keys_add_name(names->known, NAME_NETWORK, own[i],
				  names->network_count))
			add_network(names, own[i]);
}
