// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filters.c - which filter of tc(8) took a packet
 *
 * What comes in meets them behind where taps see it, what leaves in front of that.
 * Whether it was this packet the counters do not say: who asks knows that it came
 * there, and no further, or that it was seen where a filter leads to.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

#include <labcheck/lab.h>

#include "lab/lab.h"
#include "postmortem/filters.h"
#include "postmortem/sighting.h"
#include "postmortem/tally.h"

int filters_read(struct lc_node *node, void **ret_actions, size_t *ret_count)
{
	struct tc_action *actions;
	int r = node_tc_actions(node, &actions, ret_count);

	if (!r)
		*ret_actions = actions;
	return r;
}

static bool is_same(const struct tc_action *a, const struct tc_action *b)
{
	return a->ifindex == b->ifindex && a->hook == b->hook &&
	       a->protocol == b->protocol && a->priority == b->priority &&
	       a->handle == b->handle && a->order == b->order &&
	       !strcmp(a->kind, b->kind) && !strcmp(a->action, b->action);
}

/* What it was before, or NULL */
static const struct tc_action *was(const struct tally_node *t,
				   const struct tc_action *is)
{
	const struct tc_action *list = t->before;

	for (size_t i = 0; i < t->before_count; i++)
		if (is_same(&list[i], is))
			return &list[i];
	return NULL;
}

static const char *protocol_word(uint16_t protocol)
{
	switch (protocol) {
	case ETH_P_IP:
		return "ip";
	case ETH_P_IPV6:
		return "ipv6";
	case ETH_P_ARP:
		return "arp";
	}
	return "all";
}

/* "filter `protocol ip pref 5 u32`" */
static void write_filter(const struct tc_action *a, char text[64])
{
	if (*a->action)
		snprintf(text, 64, "filter `protocol %s pref %u %s`",
			 protocol_word(a->protocol), a->priority, a->kind);
	else
		snprintf(text, 64, "a filter");
}

static const char *hook_word(enum tc_hook hook)
{
	return hook == TC_INGRESS ? "ingress" : "egress";
}

static void tell(struct lc_node *node, const struct tc_action *a, bool drops,
		 char *text, size_t size)
{
	struct lc_link at = { 0 }, to = { 0 };
	char filter[64];

	write_filter(a, filter);
	node_link(node, a->ifindex, &at);
	if (!drops)
		node_link(node, a->moved_to, &to);
	snprintf(text, size, "it got no further than %s of %s:%s, where %s %s%s (%s%s, tc filter)",
		 hook_word(a->hook), lc_node_name(node), at.name, filter,
		 drops ? "drops" : "redirects to ", to.name,
		 *a->action ? "action " : "", *a->action ? a->action : a->kind);
}

/* Which of its interfaces it left by a block's counters do not say */
static void tell_moved(struct lc_node *node, const struct tc_action *a,
		       char *text, size_t size)
{
	struct lc_link at = { 0 }, to = { 0 };
	char filter[64], block[24] = "";

	write_filter(a, filter);
	if (a->block && a->hook == TC_EGRESS)
		snprintf(block, sizeof(block), " (block %u)", a->block);
	else
		node_link(node, a->ifindex, &at);
	node_link(node, a->moved_to, &to);
	snprintf(text, size, "%s at %s of %s%s%s%s redirected it to %s (action %s, tc filter)",
		 filter, hook_word(a->hook), lc_node_name(node),
		 *at.name ? ":" : "", at.name, block, to.name, a->action);
}

static bool looks_at(const struct tc_action *a, uint16_t protocol)
{
	return a->protocol == protocol || a->protocol == ETH_P_ALL;
}

static bool has_moved(const struct tc_action *is, const struct tc_action *old)
{
	return is->moved_to && is->passed > old->passed;
}

static bool is_seen(const struct sightings *seen, const struct lc_node *node,
		    uint32_t ifindex)
{
	for (size_t i = 0; i < seen->count; i++)
		if (seen->items[i].node == node &&
		    seen->items[i].ifindex == ifindex)
			return true;
	return false;
}

/* Nothing is seen where an interface is down */
static bool may_have_moved(const struct sightings *seen, struct lc_node *node,
			   const struct tc_action *is,
			   const struct tc_action *old)
{
	struct lc_link to;

	return has_moved(is, old) && (is_seen(seen, node, is->moved_to) ||
				      !node_link(node, is->moved_to, &to) ||
				      !(to.flags & IFF_UP));
}

bool filters_on(const struct tally *filters, const struct sightings *seen,
		struct lc_node *node, uint32_t ifindex, enum tc_hook hook,
		uint16_t protocol, char *text, size_t size)
{
	const struct tally_node *t = tally_of(filters, node);
	const struct tc_action *list = t->after;

	for (size_t i = 0; i < t->after_count; i++) {
		const struct tc_action *is = &list[i], *old = was(t, is);
		const bool drops = old && is->dropped > old->dropped;

		if (is->ifindex != ifindex || is->hook != hook || !old ||
		    !looks_at(is, protocol) ||
		    (!drops && !may_have_moved(seen, node, is, old)))
			continue;
		tell(node, is, drops, text, size);
		return true;
	}
	return false;
}

/* What comes in is seen in front of filters, what leaves behind them */
static bool may_have_met(const struct sightings *seen,
			 const struct sighting *there,
			 const struct tc_action *a)
{
	const bool out = a->hook == TC_EGRESS;

	return out != !!sightings_at(seen, there->kind, there->node, a->ifindex,
				     out);
}

bool filters_moved_to(const struct tally *filters, const struct sightings *seen,
		      const struct sighting *there, uint16_t protocol,
		      char *text, size_t size)
{
	const struct tally_node *t = tally_of(filters, there->node);
	const struct tc_action *list = t->after;

	for (size_t i = 0; i < t->after_count; i++) {
		const struct tc_action *is = &list[i], *old = was(t, is);

		if (is->moved_to != there->ifindex || !old ||
		    !looks_at(is, protocol) || !has_moved(is, old) ||
		    !may_have_met(seen, there, is))
			continue;
		tell_moved(there->node, is, text, size);
		return true;
	}
	return false;
}
