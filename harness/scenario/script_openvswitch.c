// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_openvswitch.c - the commands that start Open vSwitch
 *
 * One database and one ovs-vswitchd per node, whatever number of switches it
 * has.  They forward in user space (datapath_type=netdev), which no kernel has
 * to support, in sandboxes of users least of all.
 *
 * The builder runs the same lines that the script prints: ovs-vsctl is the
 * switch's own client, it returns when ovs-vswitchd has done what it was asked
 * to, and its words are those that users know.  But it calls it a success if a
 * port could not be opened, so the last line asks for those.
 *
 * A veth hands over packets whose checksums are still to be filled in, since
 * its two ends share one kernel's memory.  A program that reads them at one end
 * gets them as they are, and whoever it passes them on to throws them away:
 * TCP and UDP die without a trace.  So that kind of laziness is switched off
 * where packets are sent, at the far end of each port's cable.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <labcheck/auto.h>

#include "address.h"
#include "difference.h"
#include "plan.h"
#include "quote.h"
#include "script_openvswitch.h"

/* As deep as the kernel stacks interfaces; see ports.c */
enum { MAX_DEPTH = 8 };

bool openvswitch_wanted(const struct plan_node *node)
{
	size_t i;

	for (i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].kind == KIND_OPENVSWITCH)
			return true;
	return false;
}

static void daemons(const struct plan_node *node, FILE *out)
{
	fputs("export OVS_RUNDIR=", out);
	shell_word(out, OPENVSWITCH_RUN);
	putc('/', out);
	shell_word(out, node->name);
	fputs("\n"
	      "export OVS_DBDIR=$OVS_RUNDIR OVS_LOGDIR=$OVS_RUNDIR\n"
	      "rm -rf $OVS_RUNDIR\n"
	      "mkdir -p $OVS_RUNDIR\n"
	      "ovsdb-tool create\n"
	      "ovsdb-server --remote=punix:$OVS_RUNDIR/db.sock --pidfile"
	      " --log-file -vconsole:err --detach\n"
	      "ovs-vsctl --no-wait init\n"
	      "ovs-vswitchd --pidfile --log-file -vconsole:err --detach\n",
	      out);
}

static void bridge(const struct plan_interface *i, FILE *out)
{
	char mac[MAC_TEXT_SIZE];

	fputs(" \\\n\t-- add-br ", out);
	shell_word(out, i->name);
	fputs(" -- set bridge ", out);
	shell_word(out, i->name);
	fputs(" datapath_type=netdev", out);
	/* Else it takes that of one of its ports */
	fprintf(out, " 'other_config:hwaddr=\"%s\"'",
		mac_format(i->mac, mac));
	if (!i->mtu)
		return;
	fputs(" -- set interface ", out);
	shell_word(out, i->name);
	fprintf(out, " mtu_request=%" PRIu32, i->mtu);
}

static void ports(const struct plan_node *node,
		  const struct plan_interface *bridge, FILE *out)
{
	size_t i;

	for (i = 0; i < node->interface_count; i++) {
		if (node->interfaces[i].openvswitch != bridge->ifindex)
			continue;
		fputs(" \\\n\t-- add-port ", out);
		shell_word(out, bridge->name);
		putc(' ', out);
		shell_word(out, node->interfaces[i].name);
	}
}

void openvswitch_commands(const struct plan_node *node, FILE *out)
{
	const struct plan_interface *interface;
	size_t i;

	daemons(node, out);
	fputs("ovs-vsctl --timeout=20", out);
	for (i = 0; i < node->interface_count; i++) {
		interface = &node->interfaces[i];
		if (interface->kind != KIND_OPENVSWITCH)
			continue;
		bridge(interface, out);
		ports(node, interface, out);
	}
	fputs("\n"
	      "test -z \"$(ovs-vsctl --bare --columns=name"
	      " find interface 'error!=[]')\"\n",
	      out);
}

const struct plan_interface *
openvswitch_far_end(const struct plan *plan, const struct plan_node *node,
		    const struct plan_interface *port,
		    const struct plan_node **ret_node)
{
	int depth;

	if (!port->openvswitch)
		return NULL;
	for (depth = 0; port && port->lower && depth < MAX_DEPTH; depth++)
		port = plan_interface_by_index(node, port->lower);
	if (!port || port->kind != KIND_VETH || port->peer_node == NO_NODE)
		return NULL;
	*ret_node = &plan->nodes[port->peer_node];
	return &(*ret_node)->interfaces[port->peer_interface];
}

static void checksums(const struct plan *plan, const struct plan_node *node,
		      FILE *out)
{
	const struct plan_interface *far;
	const struct plan_node *far_node;
	size_t i;

	for (i = 0; i < node->interface_count; i++) {
		far = openvswitch_far_end(plan, node, &node->interfaces[i],
					  &far_node);
		if (!far)
			continue;
		fputs("ip netns exec ", out);
		shell_word(out, far_node->name);
		fputs(" ethtool -K ", out);
		shell_word(out, far->name);
		fputs(" tx off >/dev/null\n", out);
	}
}

static void start(const struct plan_node *node, FILE *out)
{
	lc_auto(lc_free) char *text = NULL;
	size_t size;
	FILE *lines = open_memstream(&text, &size);

	if (!lines)
		return;
	openvswitch_commands(node, lines);
	if (fclose(lines))
		return;
	fputs("ip netns exec ", out);
	shell_word(out, node->name);
	fputs(" sh -e", out);
	shell_document(out, text);
}

void script_openvswitch(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (!plan_node_comes(plan, node) || !openvswitch_wanted(node))
			continue;
		fprintf(out, "\n# Open vSwitch of %s\n", node->name);
		checksums(plan, node, out);
		start(node, out);
	}
}
