// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * target.c - the address that a `to:` stands for
 *
 * Of a node that address which shares a subnet with the sender, as somebody
 * at the sender would type it; else its first.
 *
 * Bridges of two hosts often have one subnet (docker0, docker_gwbridge), which
 * makes nobody a neighbour: who is in one network is not near to what is in
 * another.  And docker_gwbridge is no way from one container to the other.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

static const char *family_name(int family)
{
	switch (family) {
	case AF_INET:
		return "IPv4 address";
	case AF_INET6:
		return "IPv6 address";
	default:
		return "address";
	}
}

/* A link-local address only where there is no other; 2: a better one */
static int worth(const struct lc_ip *ip, int family)
{
	if (family && ip->family != family)
		return 0;
	return ip_is_link_local(ip) ? 1 : 2;
}

/* The first address of an interface, or NULL */
static const struct lc_ip *first_of(const struct plan_interface *interface,
				    int family)
{
	const struct lc_ip *ip, *best = NULL;
	size_t i;

	for (i = 0; i < interface->address_count; i++) {
		ip = &interface->addresses[i].ip;
		if (worth(ip, family) > (best ? worth(best, family) : 0))
			best = ip;
	}
	return best;
}

/* The network that an interface is in with its whole wire; a macvlan's is out
 * there, and may be anybody's */
static const struct plan_network *
wire_network(const struct plan *plan, const struct plan_interface *interface)
{
	const struct plan_network *network;

	if (interface->network == NO_NETWORK)
		return NULL;
	network = &plan->networks[interface->network];
	return network->driver == DRIVER_MACVLAN ? NULL : network;
}

/* Whether two interfaces can be on one wire */
static bool may_share(const struct plan *plan, const struct plan_interface *one,
		      const struct plan_interface *other)
{
	const struct plan_network *a = wire_network(plan, one);
	const struct plan_network *b = wire_network(plan, other);

	if (a && b && a != b)
		return false;
	return !a || !a->is_gateway || one->kind == KIND_BRIDGE ||
	       other->kind == KIND_BRIDGE;
}

/* Whether an address of @other is in a subnet of one of a node's interfaces */
static bool is_near(const struct plan *plan, const struct plan_node *node,
		    const struct plan_interface *other, const struct lc_ip *ip)
{
	const struct plan_interface *interface;
	size_t i, k;

	for (i = 0; i < node->interface_count; i++) {
		interface = &node->interfaces[i];
		for (k = 0; k < interface->address_count; k++)
			if (prefix_contains(&interface->addresses[k].ip,
					    interface->addresses[k].length,
					    ip) &&
			    may_share(plan, interface, other))
				return true;
	}
	return false;
}

/* The address of a node as @from would have it, or NULL */
static const struct lc_ip *node_address(const struct plan *plan,
					const struct plan_node *from,
					const struct plan_node *node,
					int family)
{
	const struct plan_interface *interface;
	const struct lc_ip *ip, *best = NULL;
	int value, best_value = 0;
	size_t i, k;

	for (i = 0; i < node->interface_count; i++) {
		interface = &node->interfaces[i];
		for (k = 0; k < interface->address_count; k++) {
			ip = &interface->addresses[k].ip;
			value = worth(ip, family);
			if (value == 2 && is_near(plan, from, interface, ip))
				return ip;
			if (value > best_value) {
				best = ip;
				best_value = value;
			}
		}
	}
	return best;
}

/* Whether a node has an address of a family at all.  What an adopted one has
 * is not known: it is taken to have all that the other end has */
static bool has_family(const struct plan_node *node, int family)
{
	size_t i;

	if (node->kind == NODE_ADOPTED)
		return true;
	for (i = 0; i < node->interface_count; i++)
		if (first_of(&node->interfaces[i], family))
			return true;
	return false;
}

/* IPv4 where both ends have it, else IPv6, else whatever the target has */
static const struct lc_ip *choose(const struct plan *plan,
				  const struct plan_node *from,
				  const struct plan_node *node,
				  const struct plan_interface *interface,
				  int family)
{
	static const int families[] = { AF_INET, AF_INET6 };
	const struct lc_ip *ip;
	size_t i;

	if (family)
		return interface ? first_of(interface, family)
				 : node_address(plan, from, node, family);
	for (i = 0; i < 2; i++) {
		if (!has_family(from, families[i]))
			continue;
		ip = interface ? first_of(interface, families[i])
			       : node_address(plan, from, node, families[i]);
		if (ip)
			return ip;
	}
	return interface ? first_of(interface, 0) : node_address(plan, from, node, 0);
}

int plan_target_address(const struct plan *plan, const struct plan_node *from,
			const struct lc_value *target, int family,
			struct lc_ip *ret_ip, struct lc_err *err)
{
	const struct plan_interface *interface = NULL;
	const struct plan_node *node;
	const struct lc_ip *ip;
	int number;

	if (plan->whole) {
		plan = plan->whole;
		from = &plan->nodes[from->number];
	}
	if (target->kind == LC_TARGET_ADDRESS) {
		if (family && target->ip.family != family)
			return lc_err_set(err, -EADDRNOTAVAIL,
					  "%s is no %s", target->text,
					  family_name(family));
		*ret_ip = target->ip;
		return 0;
	}
	if (target->kind == LC_TARGET_NAME)
		return lc_err_set(err, -EADDRNOTAVAIL,
				  "%s: names are not looked up yet",
				  target->text);
	number = target->node ? plan_node_find(plan, target->node) : -1;
	if (number < 0)
		return lc_err_set(err, -EADDRNOTAVAIL, "there is no node %s",
				  target->node ? target->node : "");
	node = plan->nodes[number].owner;
	if (target->interface) {
		interface = plan_interface_find(node, target->interface);
		if (!interface)
			return lc_err_set(err, -EADDRNOTAVAIL,
					  node->kind == NODE_ADOPTED
						  ? "%s is adopted, so the "
						    "address of its %s must be "
						    "given"
						  : "%s has no interface %s",
					  target->node, target->interface);
	}
	ip = choose(plan, from->owner, node, interface, family);
	if (!ip && node->kind == NODE_ADOPTED)
		return lc_err_set(err, -EADDRNOTAVAIL,
				  "%s is adopted, so its address must be given",
				  target->node);
	if (!ip)
		return lc_err_set(err, -EADDRNOTAVAIL, "%s has no %s",
				  target->interface ? target->text
						    : target->node,
				  family_name(family));
	*ret_ip = *ip;
	return 0;
}

/* The value of a key of a step's verb, or NULL */
static const struct lc_value *value_of(const struct step_said *step,
				       const char *key, enum lc_type type)
{
	const struct lc_field *field = step->check->fields;

	for (; field->key; field++)
		if (field->type == type && !strcmp(field->key, key))
			return (const struct lc_value *)
				((const char *)step->params + field->offset);
	return NULL;
}

/* Services (a DHCP client) and router advertisements bring addresses too */
static bool may_get_address(const struct plan_node *node)
{
	return node->kind == NODE_ADOPTED || node->service_count ||
	       node->ipv6;
}

static void target_verify(struct expansion *e, const struct step_said *step)
{
	const struct lc_value *from = value_of(step, "from", LC_NODE);
	const struct lc_value *to = value_of(step, "to", LC_TARGET);
	const struct plan_node *sender, *target;
	int family = step->family.number == 6 ? AF_INET6 :
		     step->family.number == 4 ? AF_INET : 0;
	struct lc_err err;
	struct lc_ip ip;
	uint32_t number;

	if (!from || !to || !from->text || !to->text ||
	    (to->kind != LC_TARGET_NODE && to->kind != LC_TARGET_INTERFACE))
		return;
	number = node_number(e, from->text);
	if (number == NO_NODE || !to->node)
		return;
	sender = &e->plan->nodes[number];
	number = node_number(e, to->node);
	if (number == NO_NODE)
		return;
	target = &e->plan->nodes[number];
	if (!e->problems->partial && !may_get_address(target) && !may_get_address(target->owner) &&
	    plan_target_address(e->plan, sender, to, family, &ip, &err) < 0)
		lc_problem(e->problems, to->at, "%s", err.text);
}

/* Up to the first step that may change what the plan does not know of */
void targets_verify(struct expansion *e, uint32_t first, uint32_t end)
{
	const struct step_said *step;
	uint32_t i;

	for (i = first; i < end && !e->unsure; i++) {
		step = &e->scenario->steps[i];
		if (!step->check || !step->params)
			continue;
		if (step->check->act || !strcmp(step->check->name, "run"))
			e->unsure = true;
		else
			target_verify(e, step);
	}
}
