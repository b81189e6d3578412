// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_link.c - what happens on cables, in bridges and between neighbours
 */
#include <net/if.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/policies.h"
#include "postmortem/cause.h"
#include "probe/batch.h"
#include "scenario/address.h"

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

/* How many of the lab's nodes have an address, and the first two of them */
static size_t holders(struct lc_lab *lab, const struct lc_ip *ip,
		      struct lc_node *ret[2])
{
	size_t count = 0;

	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node->plan->kind == NODE_SHARED || node->plan->absent ||
		    node->netns < 0 || !node_has_address(node, ip))
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

		if (node->plan->kind != NODE_SHARED && !node->plan->absent &&
		    node->netns >= 0 && has_mac(node, mac))
			return node;
	}
	return NULL;
}

/* The bridge that a packet left into: which of its ports should have had it? */
static bool cause_bridge_out(struct inquest *q, const struct sighting *last,
			     const struct lc_link *bridge,
			     const struct lc_ip *to)
{
	struct lc_node *who[2];
	const struct plan_interface *port;
	struct lc_link link;

	if (holders(q->lab, to, who) != 1)
		return false;
	port = port_towards(last->node, who[0]);
	if (!port || !link_of(last->node, port->ifindex, &link) ||
	    link.master == bridge->ifindex)
		return false;
	cause_missing(q, last->node, link.name);
	return cause_is(q, "%s:%s is not in the bridge %s",
			lc_node_name(last->node), link.name, bridge->name);
}

/* Where no route says otherwise, the next hop is the destination itself; family
 * 0: it can't be known */
static struct lc_ip hop_of(struct lc_node *node, const struct sighting *s)
{
	struct lc_route route;

	if (s->kind == SEEN_QUESTION || s->kind == SEEN_ANSWER)
		return s->ends.destination;
	if (node_has_policies(node, s->ends.destination.family))
		return (struct lc_ip){ 0 };
	if (!lc_node_lookup(node, &s->ends.destination, NULL, &route, NULL) &&
	    route.via.family)
		return route.via;
	return s->ends.destination;
}

bool cause_link(struct inquest *q, const struct sighting *last)
{
	const struct plan_interface *i, *end;
	struct lc_link link, other_link;
	struct lc_node *other;
	struct lc_ip hop = hop_of(last->node, last);

	if (link_of(last->node, last->ifindex, &link) &&
	    !strcmp(link.kind, "bridge"))
		return cause_bridge_out(q, last, &link, &hop);
	i = plan_interface_by_index(last->node->plan, last->ifindex);
	if (!i || i->kind != KIND_VETH || i->peer_node == NO_NODE)
		return false;
	other = &q->lab->nodes[i->peer_node];
	end = &other->plan->interfaces[i->peer_interface];
	cause_missing(q, other, end->name);
	if (!link_of(other, end->ifindex, &other_link))
		return cause_is(q, "%s:%s is not there any more",
				lc_node_name(other), end->name);
	if (!(other_link.flags & IFF_UP))
		return cause_is(q, "%s:%s is down", lc_node_name(other),
				end->name);
	return false;
}

/* Addressed to a MAC address that nobody has who should have it */
static bool cause_stale(struct inquest *q, const struct sighting *last)
{
	const uint8_t *mac = last->destination_mac;
	char mac_text[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];
	const struct sighting *from = NULL;
	struct lc_node *holder, *who[2];
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
	if (holders(q->lab, &hop, who) != 1 || holder == who[0])
		return false;
	mac_format(mac, mac_text);
	ip_format(&hop, ip);
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
		    link_of(s->node, s->ifindex, &link) &&
		    link.master == last->ifindex)
			return s;
	}
	return last;
}

/* From one port of a bridge to the one that leads on */
static bool cause_ports(struct inquest *q, const struct lc_node *node,
			const struct lc_link *bridge,
			const struct lc_link *from, const struct lc_link *to)
{
	const char *name = lc_node_name(node);

	if (to->master != bridge->ifindex)
		return cause_is(q, "%s:%s is not in the bridge %s", name,
				to->name, bridge->name);
	if (!(to->flags & IFF_UP))
		return cause_is(q, "%s:%s is down", name, to->name);
	if (from->isolated && to->isolated)
		return cause_is(q, "%s:%s and %s:%s are isolated ports of %s: they do not see each other",
				name, from->name, name, to->name,
				bridge->name);
	return false;
}

bool cause_port(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node, *who[2];
	const struct plan_interface *to = NULL;
	const char *name = lc_node_name(node);
	struct lc_link link, bridge, out;
	struct lc_ip hop = last->ends.destination;

	last = ingress(q, last);
	if (!link_of(node, last->ifindex, &link))
		return false;
	if (holders(q->lab, &hop, who) == 1)
		to = port_towards(node, who[0]);
	if (link.master && link_of(node, link.master, &bridge)) {
		if (!(bridge.flags & IFF_UP)) {
			cause_missing(q, node, bridge.name);
			return cause_is(q, "the bridge %s:%s is down", name,
					bridge.name);
		}
		/* What is for the node itself no other port was to have */
		if (last->has_macs && has_mac(node, last->destination_mac))
			return false;
		if (to && link_of(node, to->ifindex, &out) &&
		    cause_ports(q, node, &bridge, &link, &out)) {
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
		if (to && link_of(node, to->ifindex, &out) && out.master &&
		    link_of(node, out.master, &bridge)) {
			cause_missing(q, node, bridge.name);
			return cause_is(q, "%s:%s is not in the bridge %s",
					name, link.name, bridge.name);
		}
	}
	return false;
}

/* The setting by which a question was not answered; 0: none is known to forbid
 * it.  1 and 2 are about addresses of other interfaces, 3 about scopes. */
static long arp_ignored(struct lc_node *holder, const struct sighting *heard)
{
	const long all = setting_of(holder, "ipv4/conf/all/arp_ignore");
	const long own = setting_of(holder, "ipv4/conf/%s/arp_ignore",
				    heard->interface);
	const long ignore = all > own ? all : own;
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (heard->ends.destination.family != AF_INET)
		return 0;
	if (ignore == 8)
		return ignore;
	if ((ignore != 1 && ignore != 2) ||
	    lc_node_addresses(holder, &list, &count, NULL))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (list[i].ifindex == heard->ifindex &&
		    ip_equal(&list[i].ip, &heard->ends.destination))
			return 0;
	return ignore;
}

/* The question was heard where the address is, and not answered */
static bool cause_unanswered(struct inquest *q, struct lc_node *holder,
			     const struct sighting *heard, const char *hop)
{
	const char *name = lc_node_name(holder);
	const long ignore = arp_ignored(holder, heard);
	const struct sighting *answer;

	answer = sightings_last(q->seen, SEEN_ANSWER);
	if (answer)
		return answer->out ? cause_link(q, answer) :
				     cause_port(q, answer);
	if (cause_rule(q, holder, &heard->ends))
		return true;
	if (ignore)
		return cause_is(q, "%s does not answer for %s on %s (arp_ignore is %ld)",
				name, hop, heard->interface, ignore);
	return cause_is(q, "%s heard who asked for %s on %s, and said nothing",
			name, hop, heard->interface);
}

/* The last place where somebody was asked for that address; at @node, or at
 * any (NULL), coming in */
static const struct sighting *question(const struct inquest *q,
				       const struct lc_ip *hop,
				       const struct lc_node *node)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_QUESTION &&
		    ip_equal(&s->ends.destination, hop) &&
		    (!node || (s->node == node && !s->out)))
			return s;
	}
	return NULL;
}

bool cause_neighbour(struct inquest *q, struct lc_node *node,
		     uint32_t ifindex, const struct lc_ip *hop)
{
	const struct sighting *heard, *last;
	struct lc_node *who[2] = { NULL };
	char ip[IP_TEXT_SIZE];
	struct lc_link link;
	size_t count = holders(q->lab, hop, who);

	q->cause.neighbour = *hop;
	ip_format(hop, ip);
	if (!link_of(node, ifindex, &link))
		return false;
	q->cause.missing[0] = '\0';
	if (!count)
		return cause_is(q, "nobody answers %s, who asks for %s on %s: no node has that address",
				lc_node_name(node), ip, link.name);
	heard = question(q, hop, who[0]);
	if (heard && who[0] != node)
		return cause_unanswered(q, who[0], heard, ip);
	last = question(q, hop, NULL);
	if (last && (last->out ? cause_link(q, last) : cause_port(q, last)))
		return true;
	return cause_is(q, "%s asks for %s on %s, and %s, who has it, is not there",
			lc_node_name(node), ip, link.name,
			lc_node_name(who[0]));
}
