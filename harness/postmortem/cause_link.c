// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_link.c - what happens on cables and in bridges
 */
#include <net/if.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/policies.h"
#include "postmortem/cause.h"
#include "postmortem/watch.h"
#include "scenario/address.h"

enum { VLAN_TAG = 4 };

/* The veth, of the node's, whose other end a node has that holds an address */
static const struct plan_interface *
port_towards(struct lc_node *node, const struct lc_node *holder)
{
	const struct plan_node *plan = holder->plan->owner;

	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i];

		if (f->kind == KIND_VETH && f->peer_node != NO_NODE &&
		    f->peer_node == node->plan->owner->number)
			return &node->plan->owner
					->interfaces[f->peer_interface];
	}
	return NULL;
}

size_t address_holders(struct lc_lab *lab, const struct lc_ip *ip,
		       struct lc_node *ret[2])
{
	size_t count = 0;

	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (!node_can_be_watched(node) || !node_has_address(node, ip))
			continue;
		if (count < 2)
			ret[count] = node;
		count++;
	}
	return count;
}

static bool has_mac(struct lc_node *node, const uint8_t mac[6])
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!memcmp(links[i].mac, mac, 6))
			return true;
	return false;
}

static struct lc_node *mac_holder(struct lc_lab *lab, const uint8_t mac[6])
{
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node_can_be_watched(node) && has_mac(node, mac))
			return node;
	}
	return NULL;
}

/* Who has one leads on by routes, not as a port */
static bool has_address(struct lc_node *node, uint32_t ifindex)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (lc_node_addresses(node, &list, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (list[i].ifindex == ifindex &&
		    !ip_is_link_local(&list[i].ip))
			return true;
	return false;
}

/* The spanning tree has a port wait, or keeps it shut (IEEE 802.1D) */
static bool cause_port_state(struct inquest *q, const struct lc_node *node,
			     const struct lc_link *bridge,
			     const struct lc_link *port)
{
	static const char *const words[] = {
		[BR_STATE_DISABLED] = "disabled",
		[BR_STATE_LISTENING] = "still listening",
		[BR_STATE_LEARNING] = "still learning",
		[BR_STATE_FORWARDING] = NULL,
		[BR_STATE_BLOCKING] = "blocked",
	};
	const size_t count = sizeof(words) / sizeof(*words);

	if (!(port->flags & IFF_LOWER_UP) || port->port_state >= count ||
	    !words[port->port_state])
		return false;
	return cause_is(q, "%s:%s passes nothing on: as a port of %s it is %s (spanning tree)",
			lc_node_name(node), port->name, bridge->name,
			words[port->port_state]);
}

/* The bridge that a packet left into: which of its ports should have had it? */
static bool cause_bridge_out(struct inquest *q, const struct sighting *last,
			     const struct lc_link *bridge,
			     const struct lc_ip *to)
{
	struct lc_node *who[2];
	const struct plan_interface *port;
	struct lc_link link;

	if (address_holders(q->lab, to, who) != 1)
		return false;
	port = port_towards(last->node, who[0]);
	if (!port || !node_link(last->node, port->ifindex, &link) ||
	    (link.master != bridge->ifindex &&
	     has_address(last->node, link.ifindex)))
		return false;
	cause_missing(q, last->node, link.name);
	if (link.master != bridge->ifindex)
		return cause_is(q, "%s:%s is not in the bridge %s",
				lc_node_name(last->node), link.name,
				bridge->name);
	return cause_interface(q, last->node, &link) ||
	       cause_port_state(q, last->node, bridge, &link);
}

/* Where no route says otherwise, the next hop is the destination itself; family
 * 0: it can't be known */
static struct lc_ip hop_of(struct lc_node *node, const struct sighting *s)
{
	struct lc_route route;

	if (!s->carried &&
	    (s->kind == SEEN_QUESTION || s->kind == SEEN_ANSWER))
		return s->ends.destination;
	if (node_has_policies(node, s->ends.destination.family))
		return (struct lc_ip){ 0 };
	if (!lc_node_lookup(node, &s->ends.destination, NULL, &route, NULL) &&
	    route.via.family)
		return route.via;
	return s->ends.destination;
}

/* More than an interface takes in, or a bridge sends out of it; nobody is told.
 * A VLAN tag more than it says the kernel grants to all. */
static bool is_too_big(const struct sighting *s, uint32_t mtu)
{
	const bool ip = s->kind != SEEN_QUESTION && s->kind != SEEN_ANSWER;

	return ip && mtu && s->size > mtu + VLAN_TAG;
}

bool cause_link(struct inquest *q, const struct sighting *last)
{
	const struct plan_interface *i, *end;
	struct lc_link link, other_link;
	struct lc_node *other;
	struct lc_ip hop = hop_of(last->node, last);

	if (node_link(last->node, last->ifindex, &link) &&
	    !strcmp(link.kind, "bridge"))
		return cause_bridge_out(q, last, &link, &hop);
	if (!strcmp(link.kind, "vxlan"))
		return cause_tunnel_begin(q, last);
	i = plan_interface_by_index(last->node->plan, last->ifindex);
	if (!i || i->kind != KIND_VETH || i->peer_node == NO_NODE)
		return false;
	other = &q->lab->nodes[i->peer_node];
	end = &other->plan->interfaces[i->peer_interface];
	cause_missing(q, other, end->name);
	if (!node_link(other, end->ifindex, &other_link))
		return cause_is(q, "%s:%s is not there any more",
				lc_node_name(other), end->name);
	if (!(other_link.flags & IFF_UP))
		return cause_is(q, "%s:%s is down", lc_node_name(other),
				end->name);
	if (is_too_big(last, other_link.mtu))
		return cause_is(q, "its %u bytes are more than %s:%s takes (its MTU is %u, that of %s:%s at the other end %u)",
				last->size, lc_node_name(other), end->name,
				other_link.mtu, lc_node_name(last->node),
				link.name, link.mtu);
	return false;
}

/* Who answers for others' addresses gets what is for them, as was meant */
static bool answers_for_others(struct lc_node *node, int family)
{
	const char *ip = family == AF_INET ? "ipv4" : "ipv6";
	const char *key = family == AF_INET ? "proxy_arp" : "proxy_ndp";
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;

	if (setting_of(node, "%s/conf/all/%s", ip, key) > 0 ||
	    lc_node_links(node, &links, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (setting_of(node, "%s/conf/%s/%s", ip, links[i].name,
			       key) > 0)
			return true;
	return false;
}

/* Addressed to a MAC address that nobody has who should have it */
bool cause_stale(struct inquest *q, const struct sighting *last)
{
	const uint8_t *mac = last->destination_mac;
	char mac_text[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];
	const struct sighting *from = NULL;
	struct lc_node *holder, *who[2];
	struct lc_link link;
	struct lc_ip hop;

	if (!last->has_macs || mac[0] & 1)
		return false;
	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == last->kind && s->out && s->has_macs &&
		    has_mac(s->node, s->source_mac))
			from = s;
	}
	if (!from)
		return false;
	hop = hop_of(from->node, from);
	holder = mac_holder(q->lab, mac);
	if (address_holders(q->lab, &hop, who) != 1 || holder == who[0] ||
	    (holder && answers_for_others(holder, hop.family)))
		return false;
	mac_format(mac, mac_text);
	ip_format(&hop, ip);
	if (hop.family == AF_INET && node_link(from->node, from->ifindex, &link) &&
	    link.flags & IFF_NOARP)
		return cause_is(q, "%s:%s takes no part in ARP (it is set to NOARP), so %s does not learn where %s is",
				lc_node_name(from->node), link.name,
				lc_node_name(from->node), ip);
	if (holder)
		return cause_is(q, "%s takes %s to be at %s, which is %s's, and not %s's",
				lc_node_name(from->node), ip, mac_text,
				lc_node_name(holder), lc_node_name(who[0]));
	return cause_is(q, "%s takes %s to be at %s, where nobody is: a stale neighbour entry, for it is %s's",
			lc_node_name(from->node), ip, mac_text,
			lc_node_name(who[0]));
}

/* A bridge hears for itself what it spreads: the port by which that came in */
static const struct sighting *ingress(const struct inquest *q,
				      const struct sighting *last)
{
	struct lc_link link;

	if (last->kind != SEEN_QUESTION && last->kind != SEEN_ANSWER)
		return last;
	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];

		if (s->node == last->node && s->kind == last->kind &&
		    !s->out && !strcmp(s->summary, last->summary) &&
		    node_link(s->node, s->ifindex, &link) &&
		    link.master == last->ifindex)
			return s;
	}
	return last;
}

/* Where it came to a bridge that has the holder of an address at a port */
const struct sighting *sighting_beside(const struct inquest *q,
				       const struct sighting *last,
				       const struct lc_node *holder)
{
	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];
		const struct plan_interface *to;
		struct lc_link in, out;

		if (!is_same_packet(s, last) || s->out ||
		    !node_link(s->node, s->ifindex, &in) || !in.master)
			continue;
		to = port_towards(s->node, holder);
		if (to && node_link(s->node, to->ifindex, &out) &&
		    out.master == in.master)
			return s;
	}
	return NULL;
}

/* From one port of a bridge to the one that leads on */
static bool cause_ports(struct inquest *q, const struct sighting *last,
			const struct lc_link *bridge,
			const struct lc_link *from, const struct lc_link *to)
{
	struct lc_node *node = last->node;
	const char *name = lc_node_name(node);

	if (to->master != bridge->ifindex)
		return !has_address(last->node, to->ifindex) &&
		       cause_is(q, "%s:%s is not in the bridge %s", name,
				to->name, bridge->name);
	if (cause_interface(q, node, to))
		return true;
	if (from->isolated && to->isolated)
		return cause_is(q, "%s:%s and %s:%s are isolated ports of %s: they do not see each other",
				name, from->name, name, to->name,
				bridge->name);
	if (is_too_big(last, to->mtu))
		return cause_is(q, "its %u bytes are more than %s:%s passes (MTU %u), and a bridge tells nobody",
				last->size, name, to->name, to->mtu);
	return cause_port_state(q, node, bridge, to) ||
	       cause_filter_out(q, node, to->ifindex,
				protocol_of_sighting(last));
}

/* A port that takes nothing from stations which are not known there */
static bool cause_locked(struct inquest *q, const struct sighting *last,
			 const struct lc_link *bridge,
			 const struct lc_link *port)
{
	lc_auto(lc_free) struct lc_fdb_entry *list = NULL;
	char mac[MAC_TEXT_SIZE];
	size_t count = 0;

	if (!port->locked || !last->has_macs ||
	    lc_node_fdb(last->node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (list[i].ifindex == port->ifindex &&
		    list[i].master == bridge->ifindex &&
		    !memcmp(list[i].mac, last->source_mac, sizeof(list[i].mac)))
			return false;
	return cause_is(q, "%s:%s is a locked port of %s, which does not know %s to be there (bridge fdb)",
			lc_node_name(last->node), port->name, bridge->name,
			mac_format(last->source_mac, mac));
}

bool cause_port(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node, *who[2];
	const struct plan_interface *to = NULL;
	const char *name = lc_node_name(node);
	struct lc_link link, bridge, out;
	struct lc_ip hop = last->ends.destination;

	last = ingress(q, last);
	if (!node_link(node, last->ifindex, &link))
		return false;
	if (address_holders(q->lab, &hop, who) == 1)
		to = port_towards(node, who[0]);
	if (link.master && node_link(node, link.master, &bridge)) {
		if (!(bridge.flags & IFF_UP)) {
			cause_missing(q, node, bridge.name);
			return cause_is(q, "the bridge %s:%s is down", name,
					bridge.name);
		}
		if (cause_port_state(q, node, &bridge, &link) ||
		    cause_locked(q, last, &bridge, &link))
			return true;
		/* What is for the node itself no other port was to have */
		if (last->has_macs && has_mac(node, last->destination_mac))
			return false;
		if (to && node_link(node, to->ifindex, &out) &&
		    cause_ports(q, last, &bridge, &link, &out)) {
			cause_missing(q, node, out.name);
			return true;
		}
		return cause_stale(q, last);
	}
	if (last->for_other && cause_stale(q, last))
		return true;
	if (cause_switch(q, last))
		return true;
	if (!strcmp(link.kind, "bridge"))
		return false;
	/* A cable that ends beside the bridge, not in it */
	if (last->for_other || last->kind == SEEN_QUESTION) {
		if (to && node_link(node, to->ifindex, &out) && out.master &&
		    node_link(node, out.master, &bridge)) {
			cause_missing(q, node, bridge.name);
			return cause_is(q, "%s:%s is not in the bridge %s",
					name, link.name, bridge.name);
		}
	}
	return false;
}
