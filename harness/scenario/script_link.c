// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_link.c - the interfaces of a plan as commands
 *
 * Each is born where it stays, with its index.  What stands on another
 * interface comes after that one; ports join their masters when all are there.
 *
 * ip-tuntap(8) takes no index: the kernel gives the lowest free one behind the
 * last that it gave.  So taps come when all others are there and get what the
 * plan says; but what stands on a tap is then left to the kernel as well.
 */
#include <inttypes.h>

#include "address.h"
#include "difference.h"
#include "plan.h"
#include "script_command.h"
#include "script_link.h"

/* As deep as the kernel stacks interfaces; see interface.c */
enum { MAX_DEPTH = 8 };

static const char *const macvlan_modes[] = {
	[MACVLAN_BRIDGE] = "bridge",
	[MACVLAN_PRIVATE] = "private",
	[MACVLAN_VEPA] = "vepa",
	[MACVLAN_PASSTHRU] = "passthru",
};

/* What all kinds have */
static void identity(FILE *out, const struct plan_interface *i, bool index)
{
	char mac[MAC_TEXT_SIZE];

	script_option(out, "name", i->name);
	if (index)
		fprintf(out, " index %" PRIu32, i->ifindex);
	if (i->has_mac)
		fprintf(out, " address %s", mac_format(i->mac, mac));
	if (i->mtu)
		fprintf(out, " mtu %" PRIu32, i->mtu);
}

static void veth(FILE *out, const struct plan *plan,
		 const struct plan_node *node, const struct plan_interface *i)
{
	const struct plan_node *peer_node = &plan->nodes[i->peer_node];
	const struct plan_interface *peer;

	peer = &peer_node->interfaces[i->peer_interface];
	script_command(out, "ip", node, "link add");
	identity(out, i, true);
	fputs(" numtxqueues 1 numrxqueues 1 type veth peer", out);
	identity(out, peer, true);
	fputs(" numtxqueues 1 numrxqueues 1", out);
	script_option(out, "netns", peer_node->name);
	putc('\n', out);
}

static bool is_tap(const struct plan_interface *i)
{
	return i->kind == KIND_TAP || i->kind == KIND_TUN ||
	       i->kind == KIND_OPENVSWITCH;
}

/* ip-tuntap(8) takes no address either */
static void tuntap(FILE *out, const struct plan_node *node,
		   const struct plan_interface *i)
{
	char mac[MAC_TEXT_SIZE];

	script_command(out, "ip", node, "tuntap add");
	script_option(out, "dev", i->name);
	script_option(out, "mode", i->kind == KIND_TUN ? "tun" : "tap");
	putc('\n', out);
	if (!i->has_mac && !i->mtu)
		return;
	script_command(out, "ip", node, "link set");
	script_option(out, "dev", i->name);
	if (i->has_mac)
		fprintf(out, " address %s", mac_format(i->mac, mac));
	if (i->mtu)
		fprintf(out, " mtu %" PRIu32, i->mtu);
	putc('\n', out);
}

static void vxlan(FILE *out, const struct plan_interface *i, const char *lower)
{
	char text[IP_TEXT_SIZE];

	fprintf(out, " id %" PRIu32, i->vni);
	if (i->local.family)
		fprintf(out, " local %s", ip_format(&i->local, text));
	if (i->remote.family)
		fprintf(out, " %s %s",
			ip_is_multicast(&i->remote) ? "group" : "remote",
			ip_format(&i->remote, text));
	fprintf(out, " dstport %u", i->port);
	if (lower)
		script_option(out, "dev", lower);
	if (i->proxy)
		fputs(" proxy l2miss l3miss", out);
}

static void properties(FILE *out, const struct plan_interface *i,
		       const char *lower)
{
	switch (i->kind) {
	case KIND_BRIDGE:
		fputs(" mcast_snooping 0", out);
		break;
	case KIND_VXLAN:
		vxlan(out, i, lower);
		break;
	case KIND_MACVLAN:
		script_option(out, "mode", macvlan_modes[i->mode]);
		break;
	case KIND_VLAN:
		fprintf(out, " id %u", i->vlan);
		break;
	case KIND_VRF:
		fprintf(out, " table %" PRIu32, i->table);
		break;
	case KIND_VETH:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_BOND:
	case KIND_WIREGUARD:
	case KIND_OPENVSWITCH:
	case KIND_LOOPBACK:
		break;
	}
}

/* How many interfaces are below one, and whether the last is a tap */
static int depth_of(const struct plan *plan, const struct plan_node *node,
		    const struct plan_interface *i, bool *ret_on_tap)
{
	int depth = 0;

	while (i->lower && depth < MAX_DEPTH) {
		i = plan_interface_below(plan, node, i, &node);
		if (!i)
			break;
		depth++;
	}
	*ret_on_tap = i && is_tap(i);
	return depth;
}

/* The command goes where the interface below is, or where a vxlan's datagrams
 * travel; the interface, where it stays */
static void device(FILE *out, const struct plan *plan,
		   const struct plan_node *node,
		   const struct plan_interface *i, bool index)
{
	const struct plan_node *below = node;
	const struct plan_interface *lower;

	lower = plan_interface_below(plan, node, i, &below);
	if (i->underlay != NO_NODE)
		below = &plan->nodes[i->underlay];
	script_command(out, "ip", below, "link add");
	if (lower && i->kind != KIND_VXLAN)
		script_option(out, "link", lower->name);
	identity(out, i, index);
	if (below != node)
		script_option(out, "netns", node->name);
	script_option(out, "type", interface_kind_words[i->kind]);
	properties(out, i, lower ? lower->name : NULL);
	putc('\n', out);
}

static void make(FILE *out, const struct plan *plan,
		 const struct plan_node *node, const struct plan_interface *i,
		 bool index)
{
	switch (i->kind) {
	case KIND_LOOPBACK:
		break;
	case KIND_VETH:
		if (i->first_end)
			veth(out, plan, node, i);
		break;
	case KIND_TAP:
	case KIND_TUN:
	case KIND_OPENVSWITCH:
		tuntap(out, node, i);
		break;
	case KIND_BRIDGE:
	case KIND_VXLAN:
	case KIND_MACVLAN:
	case KIND_VLAN:
	case KIND_DUMMY:
	case KIND_BOND:
	case KIND_VRF:
	case KIND_WIREGUARD:
		device(out, plan, node, i, index);
		break;
	}
}

/* Make the interfaces that have so many others below them; returns whether
 * there are any with more */
static bool make_depth(const struct plan *plan, int depth, bool taps,
		       FILE *out)
{
	const struct plan_node *node;
	const struct plan_interface *i;
	bool deeper = false, on_tap;
	size_t n, k;
	int this;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		for (k = 0; k < node->interface_count; k++) {
			i = &node->interfaces[k];
			if (!plan_interface_comes(plan, node, i))
				continue;
			this = depth_of(plan, node, i, &on_tap);
			if (on_tap != taps)
				continue;
			if (this == depth)
				make(out, plan, node, i, !taps);
			else if (this > depth)
				deeper = true;
		}
	}
	return deeper;
}

static void join(FILE *out, const struct plan_node *node,
		 const struct plan_interface *i)
{
	const struct plan_interface *master;

	master = plan_interface_by_index(node, i->master);
	if (!master)
		return;
	script_command(out, "ip", node, "link set");
	script_option(out, "dev", i->name);
	script_option(out, "master", master->name);
	putc('\n', out);
	if (!i->isolated && !i->hairpin)
		return;
	script_command(out, "bridge", node, "link set");
	script_option(out, "dev", i->name);
	fputs(i->isolated ? " isolated on" : "", out);
	fputs(i->hairpin ? " hairpin on\n" : "\n", out);
}

void script_links(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	const struct plan_interface *i;
	size_t n, k;
	int depth;

	for (depth = 0; make_depth(plan, depth, false, out);)
		depth++;
	for (depth = 0; make_depth(plan, depth, true, out);)
		depth++;
	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		for (k = 0; k < node->interface_count; k++) {
			i = &node->interfaces[k];
			if (i->master && plan_interface_comes(plan, node, i))
				join(out, node, i);
		}
	}
}
