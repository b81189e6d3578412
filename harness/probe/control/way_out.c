// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * way_out.c - whether what leaves by an interface gets out of its node
 *
 * It gets out by a cable, and comes in at the other end of that.  So from the
 * interface that has the address one goes down to the cables below it:
 *
 * - veth: the cable itself.
 * - bridge, bond, vrf, Open vSwitch: the cables of its ports.  One that works will
 *   do: which of them a frame takes is the network's affair.
 * - VLAN, macvlan, ipvlan: the interface below, in whichever node that is.
 * - VXLAN: the interface by which one of its far ends is reached.
 * - lo: what goes there has come in already; a dummy throws away what it is given,
 *   as it should: both work.
 * - tun, WireGuard and what else hands packets to a program, or is not of this
 *   kernel: unknown.
 */
#include <net/if.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/link_way.h"
#include "lab/netns.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/control/await.h"
#include "probe/control/way_out.h"
#include "probe/wire/mark.h"
#include "probe/wire/tap.h"

enum { DEPTH_MAX = 8 };

/** struct sender - By which interface a mark goes */
struct sender {
	struct lc_node *node;
	uint32_t ifindex, serial;
};

static void send_mark(const void *what)
{
	const struct sender *s = what;

	mark_send(s->node, s->ifindex, s->serial);
}

static bool mark_came(const struct lc_batch *b)
{
	return b->mark.seen;
}

static enum way by_cable(struct lc_batch *b, struct lc_node *node,
			 const struct lc_link *link, char *text)
{
	static uint32_t serial = MARK_OF_CAPTURE;
	struct sender sender = { node, link->ifindex, ++serial };
	struct lc_node *far;
	struct lc_link end;
	bool came;

	if (link_other_end(node, link, &far, &end, NULL) ||
	    probe_node_ready(far, NULL) || probe_node_ready(node, NULL) ||
	    tap_open(b, far, NULL))
		return WAY_UNKNOWN;
	far = netns_owner(far);
	b->mark = (struct awaited_mark){ serial, far, end.ifindex, false };
	came = control_await(b, mark_came, send_mark, &sender);
	snprintf(text, CONTROL_TEXT,
		 came ? "what %.24s sends by %s comes in at %.24s:%s" :
			"what %.24s sends by %s does not come in at %.24s:%s",
		 lc_node_name(node), link->name, lc_node_name(far), end.name);
	return came ? WAY_WORKS : WAY_FAILS;
}

static enum way go(struct lc_batch *b, struct lc_node *node,
		   const struct lc_link *link, char *text, int depth);

/* Open vSwitch knows its ports, and the kernel does not */
static bool is_port(const struct lc_node *node, const struct lc_link *port,
		    const struct lc_link *bridge)
{
	const struct plan_interface *i =
		plan_interface_by_index(node->plan, port->ifindex);

	return port->master == bridge->ifindex ||
	       (i && i->openvswitch == bridge->ifindex);
}

static enum way by_ports(struct lc_batch *b, struct lc_node *node,
			 const struct lc_link *link, char *text, int depth)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	enum way best = WAY_UNKNOWN;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return WAY_UNKNOWN;
	for (size_t i = 0; i < count && best != WAY_WORKS; i++) {
		enum way way;

		if (!is_port(node, &links[i], link) ||
		    !(links[i].flags & IFF_LOWER_UP))
			continue;
		way = go(b, node, &links[i], text, depth);
		if (way != WAY_UNKNOWN)
			best = way;
	}
	return best;
}

static enum way by_tunnel(struct lc_batch *b, struct lc_node *node,
			  const struct lc_link *link, char *text, int depth)
{
	const struct plan_interface *i =
		plan_interface_by_index(node->plan, link->ifindex);
	lc_auto(lc_free) struct lc_fdb_entry *entries = NULL;
	enum way best = WAY_UNKNOWN;
	struct lc_route route;
	struct lc_link below;
	size_t count = 0;

	if (lc_node_fdb(node, &entries, &count, NULL))
		return WAY_UNKNOWN;
	if (i && i->kind == KIND_VXLAN && i->underlay != NO_NODE)
		node = netns_owner(&node->lab->nodes[i->underlay]);
	for (size_t k = 0; k < count && best != WAY_WORKS; k++) {
		enum way way;

		if (entries[k].ifindex != link->ifindex ||
		    !entries[k].dst.family ||
		    lc_node_lookup(node, &entries[k].dst, NULL, &route, NULL) ||
		    !node_link(node, route.ifindex, &below))
			continue;
		way = go(b, node, &below, text, depth);
		if (way != WAY_UNKNOWN)
			best = way;
	}
	return best;
}

static enum way go(struct lc_batch *b, struct lc_node *node,
		   const struct lc_link *link, char *text, int depth)
{
	struct lc_node *there;
	struct lc_link below;

	if (depth == DEPTH_MAX)
		return WAY_UNKNOWN;
	if (link->flags & IFF_LOOPBACK) {
		snprintf(text, CONTROL_TEXT, "what %s sends by %s stays there",
			 lc_node_name(node), link->name);
		return WAY_WORKS;
	}
	if (!strcmp(link->kind, "dummy")) {
		snprintf(text, CONTROL_TEXT,
			 "%s is a dummy, and throws away what it is given",
			 link->name);
		return WAY_WORKS;
	}
	if (!strcmp(link->kind, "veth"))
		return by_cable(b, node, link, text);
	if (!strcmp(link->kind, "vxlan"))
		return by_tunnel(b, node, link, text, depth + 1);
	if (!link->lower)
		return by_ports(b, node, link, text, depth + 1);
	if (link_below(node, link, &there, &below, NULL))
		return WAY_UNKNOWN;
	return go(b, there, &below, text, depth + 1);
}

enum way way_out(struct lc_batch *b, struct lc_node *node,
		 const struct lc_link *link, char text[static CONTROL_TEXT])
{
	return go(b, node, link, text, 0);
}
