// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_neighbour.c - somebody asks for the next hop, and gets no answer
 */
#include <net/if.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "postmortem/cause.h"
#include "scenario/address.h"

bool sighting_is_question(const struct sighting *s, struct lc_node *asker,
			  const struct lc_ip *asked)
{
	return s->kind == SEEN_QUESTION &&
	       ip_equal(&s->own.destination, asked) &&
	       node_has_address(asker, &s->own.source);
}

bool sighting_is_answer(const struct sighting *s, struct lc_node *asker,
			const struct lc_ip *asked)
{
	return s->kind == SEEN_ANSWER && ip_equal(&s->own.source, asked) &&
	       node_has_address(asker, &s->own.destination);
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

/* The last that was seen of an answer; others may be under way */
static const struct sighting *answer_to(const struct inquest *q,
					const struct lc_ends *asked)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_ANSWER &&
		    ip_equal(&s->own.source, &asked->destination) &&
		    ip_equal(&s->own.destination, &asked->source))
			return s;
	}
	return NULL;
}

/* An answer was under way to who asked */
static bool cause_unheard(struct inquest *q, const struct sighting *answer)
{
	if (answer->carried)
		return cause_carried(q, answer);
	return cause_rule_at(q, answer) ||
	       (answer->out ? cause_link(q, answer) :
			      cause_port(q, answer) ||
				      cause_filter_in(q, answer));
}

/* The question was heard where the address is, and not answered */
static bool cause_unanswered(struct inquest *q, struct lc_node *holder,
			     const struct sighting *heard, const char *hop)
{
	const char *name = lc_node_name(holder);
	const long ignore = arp_ignored(holder, heard);
	const struct lc_ends back = {
		.source = heard->ends.destination,
		.destination = heard->ends.source,
	};
	const struct sighting *answer;
	struct lc_link link;

	answer = answer_to(q, &heard->own);
	if (answer)
		return cause_unheard(q, answer);
	if (cause_rule_at(q, heard) ||
	    cause_rule_neighbour(q, holder, SEEN_ANSWER, &back) ||
	    cause_duplicate(q, holder, &heard->ends.destination))
		return true;
	if (heard->ends.destination.family == AF_INET &&
	    node_link(holder, heard->ifindex, &link) && link.flags & IFF_NOARP)
		return cause_is(q, "%s:%s takes no part in ARP (it is set to NOARP)",
				name, link.name);
	if (ignore)
		return cause_is(q, "%s does not answer for %s on %s (arp_ignore is %ld)",
				name, hop, heard->interface, ignore);
	if (cause_filter_in(q, heard) ||
	    cause_filter_out(q, holder, heard->ifindex,
			     protocol_of_sighting(heard)))
		return true;
	return cause_is(q, "%s heard who asked for %s on %s, and said nothing",
			name, hop, heard->interface);
}

/* The last place where a node's question for an address was seen; at @at, or at any
 * (NULL), coming in */
static const struct sighting *question(const struct inquest *q,
				       struct lc_node *asker,
				       const struct lc_ip *hop,
				       const struct lc_node *at)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (sighting_is_question(s, asker, hop) &&
		    (!at || (s->node == at && !s->out && !s->carried)))
			return s;
	}
	return NULL;
}

/* The address by whose mask it should be there */
static void write_mask(struct lc_node *node, uint32_t ifindex,
		       const struct lc_ip *hop, char text[96])
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	char ip[IP_TEXT_SIZE];
	size_t count = 0;

	if (lc_node_addresses(node, &list, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		if (list[i].ifindex != ifindex ||
		    list[i].ip.family != hop->family || !list[i].length ||
		    !prefix_contains(&list[i].ip, list[i].length, hop))
			continue;
		snprintf(text, 96, " (%s's own %s/%u says that it is)",
			 lc_node_name(node), ip_format(&list[i].ip, ip),
			 list[i].length);
		return;
	}
}

/* Whether a node's macvlan with that address stands on another's interface */
static const struct plan_interface *macvlan_on(const struct lc_lab *lab,
					       const struct lc_node *upper,
					       const struct lc_node *lower,
					       uint32_t ifindex)
{
	const struct plan_node *plan = upper->plan->owner;

	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i], *below;
		const struct plan_node *where;

		if (f->kind != KIND_MACVLAN)
			continue;
		below = plan_interface_below(lab->plan, plan, f, &where);
		if (below && where == lower->plan->owner &&
		    (!ifindex || below->ifindex == ifindex))
			return f;
	}
	return NULL;
}

/* The one thing that a macvlan never reaches is what it stands on, and the other way
 * round */
static bool cause_macvlan(struct inquest *q, struct lc_node *node,
			  uint32_t ifindex, const struct lc_node *holder)
{
	const struct plan_interface *f = macvlan_on(q->lab, node, holder, 0);
	const struct lc_node *upper = node, *lower = holder;

	if (!f || f->ifindex != ifindex) {
		f = macvlan_on(q->lab, holder, node, ifindex);
		upper = holder;
		lower = node;
	}
	if (!f)
		return false;
	return cause_is(q, "%s:%s is a macvlan on an interface of %s: the two never reach each other by it, only others do",
			lc_node_name(upper), f->name, lc_node_name(lower));
}

bool cause_neighbour(struct inquest *q, struct lc_node *node,
		     uint32_t ifindex, const struct lc_ip *hop)
{
	const struct sighting *heard, *last, *beside;
	const struct lc_ends asked = { .destination = *hop };
	struct lc_node *who[2] = { NULL };
	char ip[IP_TEXT_SIZE], gone[GONE_TEXT], because[96] = "";
	struct lc_link link;
	size_t count = address_holders(q->lab, hop, who);

	q->cause.asker = node;
	q->cause.neighbour = *hop;
	ip_format(hop, ip);
	if (!node_link(node, ifindex, &link))
		return false;
	q->cause.missing[0] = '\0';
	if (!count && address_gone(q->lab, NULL, hop, gone))
		return cause_is(q, "nobody answers %s, who asks for %s on %s: %s",
				lc_node_name(node), ip, link.name, gone);
	if (!count)
		return cause_is(q, "nobody answers %s, who asks for %s on %s: no node has that address",
				lc_node_name(node), ip, link.name);
	if (cause_macvlan(q, node, ifindex, who[0]))
		return true;
	heard = question(q, node, hop, who[0]);
	if (heard && who[0] != node)
		return cause_unanswered(q, who[0], heard, ip);
	last = question(q, node, hop, NULL);
	if (last && last->carried)
		return cause_carried(q, last);
	if (!last && (cause_rule_neighbour(q, node, SEEN_QUESTION, &asked) ||
		      cause_filter_out(q, node, ifindex,
				       hop->family == AF_INET ? ETH_P_ARP :
								ETH_P_IPV6)))
		return true;
	if (last && (cause_rule_at(q, last) ||
		     (last->out ? cause_link(q, last) : cause_port(q, last)) ||
		     cause_spread(q, last) || cause_filter_in(q, last)))
		return true;
	beside = last ? sighting_beside(q, last, who[0]) : NULL;
	if (beside)
		return cause_is(q, "%s asks for %s on %s, and %s, who has it, does not hear it: %s does not pass it on to %s",
				lc_node_name(node), ip, link.name,
				lc_node_name(who[0]),
				lc_node_name(beside->node),
				lc_node_name(who[0]));
	/* If it has not asked, or asked into a tunnel or a macvlan, nobody is known
	 * not to be there */
	if (!last)
		return false;
	if (strcmp(link.kind, "veth") != 0 && strcmp(link.kind, "bridge") != 0)
		return false;
	write_mask(node, ifindex, hop, because);
	return cause_is(q, "%s asks for %s on %s, and %s, who has it, is not there%s",
			lc_node_name(node), ip, link.name,
			lc_node_name(who[0]), because);
}
