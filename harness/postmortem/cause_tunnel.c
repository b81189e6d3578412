// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_tunnel.c - what a VXLAN was to carry
 *
 * On its way between two hosts the packet is in a datagram, and where that ends, so
 * does the packet; at its end there must be an interface of the same network to take
 * it out again.
 */
#include <net/if.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "postmortem/cause.h"
#include "scenario/address.h"

/* "; its vx0 is VXLAN 11 on port 4789" */
static void write_others(const struct lc_link *links, size_t count, char *text,
			 size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < count && length < size; i++)
		if (!strcmp(links[i].kind, "vxlan"))
			length += (size_t)snprintf(
				text + length, size - length,
				"; its %s is VXLAN %u on port %u",
				links[i].name, links[i].vni, links[i].port);
}

static bool cause_tunnel_end(struct inquest *q, const struct sighting *last)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	const char *name = lc_node_name(last->node);
	char others[128] = "";
	size_t count = 0;

	if (lc_node_links(last->node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct lc_link *l = &links[i];

		if (strcmp(l->kind, "vxlan") != 0 || l->vni != last->vni ||
		    l->port != last->ends.destination_port)
			continue;
		return !(l->flags & IFF_UP) &&
		       cause_is(q, "%s:%s is down", name, l->name);
	}
	/* The other end may be in another namespace that shares the underlay */
	for (size_t i = 0; i < q->lab->node_count; i++)
		for (size_t k = 0; k < q->lab->nodes[i].plan->interface_count;
		     k++) {
			const struct plan_interface *f =
				&q->lab->nodes[i].plan->interfaces[k];

			if (f->kind == KIND_VXLAN && f->underlay != NO_NODE)
				return false;
		}
	write_others(links, count, others, sizeof(others));
	return cause_is(q, "%s has no VXLAN %u on port %u to take it out%s",
			name, last->vni, last->ends.destination_port, others);
}

/* Where a VXLAN would have sent it: by its table, else to its one remote end */
static struct lc_ip remote_of(struct lc_node *node, const struct sighting *last)
{
	static const uint8_t any[6] = { 0 };
	lc_auto(lc_free) struct lc_fdb_entry *entries = NULL;
	struct lc_ip remote = { 0 };
	size_t count = 0;

	if (lc_node_fdb(node, &entries, &count, NULL))
		return remote;
	for (size_t i = 0; i < count; i++) {
		const struct lc_fdb_entry *e = &entries[i];

		if (e->ifindex != last->ifindex || !e->dst.family)
			continue;
		if (!memcmp(e->mac, last->destination_mac, 6))
			return e->dst;
		if (!memcmp(e->mac, any, 6))
			remote = e->dst;
	}
	return remote;
}

bool cause_tunnel_begin(struct inquest *q, const struct sighting *last)
{
	const struct plan_interface *f =
		plan_interface_by_index(last->node->plan, last->ifindex);
	struct lc_node *node = last->node;
	char text[sizeof(q->cause.text)], ip[IP_TEXT_SIZE];
	struct burden burden = { 0 };

	if (f && f->kind == KIND_VXLAN && f->underlay != NO_NODE)
		node = &q->lab->nodes[f->underlay];
	burden.ends.destination = remote_of(last->node, last);
	if (!burden.ends.destination.family)
		return cause_is(q, "%s:%s knows no host to send it to (no remote, nothing in its table)",
				lc_node_name(last->node), last->interface);
	if (!cause_rule(q, node, &burden.ends) &&
	    !cause_way(q, node, &burden, false))
		return false;
	memcpy(text, q->cause.text, sizeof(text));
	return cause_is(q, "%s:%s was to carry it to %s: %s",
			lc_node_name(last->node), last->interface,
			ip_format(&burden.ends.destination, ip), text);
}

bool cause_carried(struct inquest *q, const struct sighting *last)
{
	if (cause_rule_at(q, last))
		return true;
	if (last->out)
		return cause_link(q, last);
	if (!node_has_address(last->node, &last->ends.destination))
		return cause_port(q, last) ||
		       (!last->for_other &&
			cause_forwarding(q, last, last->kind == SEEN_REPLY));
	return cause_reverse_path(q, last) || cause_tunnel_end(q, last);
}
