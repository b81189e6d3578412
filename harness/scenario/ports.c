// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ports.c - interfaces in others (bridge, openvswitch, bond, vrf) and on others
 */
#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

enum {
	/* Devices on devices on devices: the kernel's MAX_NEST_DEV */
	MAX_STACK = 8,
};

/* Whether one can't be a port of the other, whatever else it is */
static bool is_no_port(const struct plan_interface *port,
		       const struct plan_interface *master)
{
	if (port == master || port->kind == KIND_LOOPBACK)
		return true;
	switch (master->kind) {
	case KIND_BRIDGE:
		return port->kind == KIND_BRIDGE;
	case KIND_OPENVSWITCH:
		return port->kind == KIND_OPENVSWITCH ||
		       port->kind == KIND_VRF || port->kind == KIND_TUN ||
		       port->kind == KIND_WIREGUARD;
	case KIND_BOND:
	case KIND_VRF:
	case KIND_VETH:
	case KIND_VXLAN:
	case KIND_MACVLAN:
	case KIND_VLAN:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_WIREGUARD:
	case KIND_LOOPBACK:
		break;
	}
	return false;
}

static void port_take(struct expansion *e, uint32_t node,
		      const struct plan_interface *master,
		      const struct lc_value *name)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *other;
	struct plan_interface *port;
	uint32_t position;

	position = interface_position(e, owner->number, name->text);
	if (position == NO_INTERFACE) {
		node_lacks(e, node, name->at,
			   "nothing makes interface %s on %s: no link "
			   "names it and it has no entry",
			   name->text, owner->name);
		return;
	}
	port = &owner->interfaces[position];
	if (is_no_port(port, master)) {
		node_problem(e, node, name->at, "%s can't be a port of %s",
			     name->text, master->name);
		return;
	}
	if (port->master || port->openvswitch) {
		other = plan_interface_by_index(owner,
						port->master ?:
							port->openvswitch);
		node_problem(e, node, name->at,
			     "%s is a port of %s already", name->text,
			     other ? other->name : "another");
		return;
	}
	if (master->kind == KIND_OPENVSWITCH)
		port->openvswitch = master->ifindex;
	else
		port->master = master->ifindex;
}

/* Whether what an interface stands on, and that in turn, comes to an end */
static void stack_verify(struct expansion *e, uint32_t node,
			 const struct plan_interface *interface,
			 const struct interface_said *said)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *lower = interface;
	int depth;

	for (depth = 0; lower && lower->lower; depth++) {
		if (depth == MAX_STACK) {
			node_problem(e, node, said->at,
				     "%s stands on more than %d other interfaces, or on itself",
				     interface->name, MAX_STACK);
			return;
		}
		lower = plan_interface_below(e->plan, owner, lower, &owner);
	}
}

void interface_ports(struct expansion *e, uint32_t node, uint32_t position,
		     const struct interface_said *said)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *interface = &owner->interfaces[position];
	enum interface_kind kind = interface->kind;
	uint32_t i;

	stack_verify(e, node, interface, said);
	if (!said->ports.count)
		return;
	if (kind != KIND_BRIDGE && kind != KIND_OPENVSWITCH &&
	    kind != KIND_BOND && kind != KIND_VRF) {
		node_problem(e, node, said->at,
			     "%s can't have ports: only a bridge, an openvswitch, a bond or a vrf",
			     interface->name);
		return;
	}
	if (kind == KIND_BRIDGE && said->ports.count > BRIDGE_MAX_PORTS)
		node_problem(e, node, said->at,
			     "a bridge has at most %d ports, and %s would have %u",
			     BRIDGE_MAX_PORTS, interface->name,
			     said->ports.count);
	for (i = 0; said->ports.items && i < said->ports.count; i++)
		if (said->ports.items[i].text)
			port_take(e, node, interface, &said->ports.items[i]);
}

/* A port's frames are its bridge's before anybody above could see them */
static void macvlan_verify(struct expansion *e, const struct plan_node *node,
			   const struct plan_interface *interface)
{
	const struct plan_node *owner = node;
	const struct plan_interface *below, *master;

	below = plan_interface_below(e->plan, node, interface, &owner);
	if (!below || !(below->master || below->openvswitch))
		return;
	master = plan_interface_by_index(owner, below->master
							? below->master
							: below->openvswitch);
	if (master && master->kind != KIND_VRF)
		node_problem(e, node->number, interface->at,
			     "%s can't stand on %s of %s, which is a port of %s",
			     interface->name, below->name, owner->name,
			     master->name);
}

void stacks_verify(struct expansion *e)
{
	const struct plan_node *node;
	size_t n, i;

	for (n = 0; n < e->plan->node_count; n++) {
		node = &e->plan->nodes[n];
		for (i = 0; i < node->interface_count; i++)
			if (node->interfaces[i].kind == KIND_MACVLAN)
				macvlan_verify(e, node, &node->interfaces[i]);
	}
}
