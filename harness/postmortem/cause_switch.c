// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_switch.c - what came in at a port of an Open vSwitch, and went nowhere
 *
 * Its rules are not the kernel's, so what decided there is not known here.  But
 * that the port in question has not sent it on was seen, and who can tell why is
 * the switch.
 */
#include <signal.h>
#include <net/if.h>
#include <linux/if.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/openvswitch_turn.h"
#include "postmortem/cause.h"

/* Its port whose cable leads to a node that has the address, or NULL */
static const struct plan_interface *
port_towards(struct inquest *q, const struct lc_node *node, uint32_t bridge,
	     const struct lc_ip *ip)
{
	const struct lc_node *holder = node_holding(q->lab, ip);

	for (size_t i = 0; holder && i < node->plan->interface_count; i++) {
		const struct plan_interface *f = &node->plan->interfaces[i];

		if (f->openvswitch == bridge && f->kind == KIND_VETH &&
		    f->peer_node == holder->plan->owner->number)
			return f;
	}
	return NULL;
}

bool cause_switch(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node;
	const char *name = lc_node_name(node);
	const struct plan_interface *port, *bridge, *to;
	struct lc_link link;
	pid_t pid;

	/* What it spreads its local port hears as well */
	port = plan_interface_by_index(node->plan, last->ifindex);
	bridge = port && port->openvswitch ?
			 plan_interface_by_index(node->plan,
						 port->openvswitch) : port;
	if (!bridge || bridge->kind != KIND_OPENVSWITCH)
		return false;
	to = port_towards(q, node, bridge->ifindex, &last->ends.destination);
	if (!to && port == bridge)
		return false;
	cause_missing(q, node, bridge->name);
	pid = openvswitch_pid(node);
	if (pid <= 0 || kill(pid, 0))
		return cause_is(q, "ovs-vswitchd of %s does not run", name);
	if (to && node_link(node, to->ifindex, &link) && !(link.flags & IFF_UP)) {
		cause_missing(q, node, to->name);
		return cause_is(q, "%s:%s is down", name, to->name);
	}
	if (!to)
		return cause_is(q, "the Open vSwitch %s:%s sent it to none of its ports; its rules and VLANs tell why (ovs-appctl ofproto/trace)",
				name, bridge->name);
	cause_missing(q, node, to->name);
	return cause_is(q, "the Open vSwitch %s:%s did not send it to its port %s; its rules and VLANs tell why (ovs-appctl ofproto/trace)",
			name, bridge->name, to->name);
}
