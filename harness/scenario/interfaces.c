// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interfaces.c - which interfaces each namespace has
 *
 * An entry without a kind is a veth end until the links and networks have had
 * their say; if none of them made it by then, nothing does.
 *
 * Indexes are given in order and never twice: an interface that is taken away
 * and made anew is another one.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

uint32_t interface_add_as(struct expansion *e, uint32_t owner,
			  const char *name, uint32_t ifindex, struct lc_at at)
{
	struct plan_node *node = &e->plan->nodes[owner];
	uint32_t position = (uint32_t)node->interface_count;
	struct plan_interface *interface;

	if (!keys_add_name(e->plan->interface_names, owner, name, position))
		return NO_INTERFACE;
	node->interfaces = arena_grow(e->arena, node->interfaces, position,
				      sizeof(*interface));
	interface = &node->interfaces[position];
	memset(interface, 0, sizeof(*interface));
	interface->at = at;
	interface->ifindex = ifindex ? ifindex
				     : e->lives[owner].next_ifindex++;
	strncpy(interface->name, name, sizeof(interface->name) - 1);
	interface->kind = KIND_VETH;
	interface->up = true;
	interface->peer_node = NO_NODE;
	interface->underlay = NO_NODE;
	interface->lower_node = NO_NODE;
	interface->network = NO_NETWORK;
	node->interface_count++;
	return position;
}

/* An interface of the file has one index for as long as its node lives */
uint32_t interface_add(struct expansion *e, uint32_t owner, const char *name,
		       struct lc_at at)
{
	uint32_t ifindex = strcmp(name, "lo") ? 0 : 1, position;

	if (!ifindex)
		keys_find_name(e->ifindexes, owner, name, &ifindex);
	position = interface_add_as(e, owner, name, ifindex, at);
	if (position != NO_INTERFACE && !ifindex)
		keys_add_name(e->ifindexes, owner, name,
			      e->plan->nodes[owner].interfaces[position].ifindex);
	return position;
}

uint32_t interface_position(const struct expansion *e, uint32_t owner,
			    const char *name)
{
	uint32_t position;

	if (!keys_find_name(e->plan->interface_names, owner, name, &position))
		return NO_INTERFACE;
	return position;
}

void interface_join(struct expansion *e, uint32_t a_owner, uint32_t a,
		    uint32_t b_owner, uint32_t b)
{
	struct plan_interface *one = &e->plan->nodes[a_owner].interfaces[a];
	struct plan_interface *other = &e->plan->nodes[b_owner].interfaces[b];

	one->peer_node = b_owner;
	one->peer_interface = b;
	one->first_end = true;
	other->peer_node = a_owner;
	other->peer_interface = a;
}

bool interface_address(struct expansion *e, uint32_t owner, uint32_t position,
		       const struct lc_ip *ip, uint8_t length, struct lc_at at)
{
	struct plan_interface *interface;
	struct plan_address *address;

	interface = &e->plan->nodes[owner].interfaces[position];
	/* Every interface has link-local addresses of its own */
	if (!ip_is_link_local(ip) &&
	    !keys_add(e->addresses, owner, ip->bytes, ip_bits(ip->family) / 8,
		       position))
		return false;
	interface->addresses = arena_grow(e->arena, interface->addresses,
					  interface->address_count,
					  sizeof(*address));
	address = &interface->addresses[interface->address_count++];
	*address = (struct plan_address){ .at = at, .ip = *ip,
					  .length = length };
	if (ip->family == AF_INET6)
		interface->ipv6 = true;
	return true;
}

/* Of a node that a state before had, entries of veths wait for what makes them:
 * it may be gone */
static bool is_due(const struct expansion *e, uint32_t node,
		   const struct interface_said *said)
{
	return !e->made[node].quiet || lc_given(said->kind) ||
	       !strcmp(said->name.text, "lo");
}

/* A kind that the loader could not read: anything but a veth, so that nobody
 * looks for its link */
static enum interface_kind kind_said(const struct lc_scalar *kind)
{
	if (kind->choice == KIND_VETH && strcmp(kind->text, "veth") != 0)
		return KIND_DUMMY;
	return (enum interface_kind)kind->choice;
}

static void declare(struct expansion *e, uint32_t node,
		    const struct interface_said *said)
{
	struct plan_node *owner = node_owner(e, node);
	struct plan_interface *interface;
	const char *name = said->name.text;
	uint32_t position;

	if (!name || !*name || strlen(name) >= IFNAMSIZ ||
	    owner->kind == NODE_ADOPTED || !is_due(e, node, said))
		return;
	position = interface_add(e, owner->number, name, said->at);
	if (position == NO_INTERFACE) {
		/* Twice in one list is the loader's to tell */
		if (owner->number != node)
			node_problem(e, node, said->name.at,
				     "%s has an interface %s already, and %s lives in it",
				     owner->name, name,
				     e->plan->nodes[node].name);
		return;
	}
	interface = &owner->interfaces[position];
	if (lc_given(said->kind))
		interface->kind = kind_said(said->kind);
	if (strcmp(name, "lo") != 0)
		return;
	if (lc_given(said->kind))
		node_problem(e, node, said->kind->at,
			     "lo is there by itself: it takes no kind");
	interface->kind = KIND_LOOPBACK;
}

void interfaces_declare(struct expansion *e)
{
	const struct node_said *said;
	uint32_t n, i;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		for (i = 0; said && i < said->interfaces_count; i++)
			declare(e, n, &said->interfaces[i]);
	}
}

static void nothing_makes(struct expansion *e, uint32_t node,
			  const struct interface_said *said)
{
	node_lacks(e, node, said->name.at,
		   lc_given(said->kind)
			   ? "nothing makes interface %s: no link names it"
			   : "nothing makes interface %s: no link names it and it has no kind",
		   said->name.text);
}

/* Calls @f for every entry under `interfaces` that has its place */
static void each_entry(struct expansion *e,
		       void (*f)(struct expansion *e, uint32_t node,
				 uint32_t position,
				 const struct interface_said *said))
{
	const struct node_said *said;
	uint32_t n, i, position;

	for (n = 0; n < e->plan->node_count; n++) {
		said = e->made[n].said;
		for (i = 0; said && i < said->interfaces_count; i++) {
			if (!said->interfaces[i].name.text)
				continue;
			position = interface_position(
				e, node_owner(e, n)->number,
				said->interfaces[i].name.text);
			if (position != NO_INTERFACE)
				f(e, n, position, &said->interfaces[i]);
		}
	}
}

static void configure(struct expansion *e, uint32_t node, uint32_t position,
		      const struct interface_said *said)
{
	const struct plan_interface *interface;

	interface = &node_owner(e, node)->interfaces[position];
	if (interface->kind == KIND_VETH && interface->peer_node == NO_NODE)
		nothing_makes(e, node, said);
	interface_configure(e, node, position, said);
}

static void isolated_verify(struct expansion *e, uint32_t node,
			    uint32_t position,
			    const struct interface_said *said)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *interface = &owner->interfaces[position];
	const struct plan_interface *master;

	master = plan_interface_by_index(owner, interface->master);
	if (interface->isolated && (!master || master->kind != KIND_BRIDGE))
		node_lacks(e, node, said->isolated->at,
			   "only the port of a bridge can be isolated");
}

static void ipv6_note(struct plan_node *node)
{
	size_t i;

	for (i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].ipv6)
			node->ipv6 = true;
}

void interfaces_configure(struct expansion *e)
{
	size_t n;

	each_entry(e, configure);
	each_entry(e, interface_ports);
	each_entry(e, isolated_verify);
	stacks_verify(e);
	for (n = 0; n < e->plan->node_count; n++)
		ipv6_note(&e->plan->nodes[n]);
}
