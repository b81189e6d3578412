// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filters.c - which filter of tc(8) took a packet
 *
 * What comes in meets them behind where taps see it, what leaves in front of that.
 * Whether it was this packet the counters do not say: who asks knows that it came
 * there, and no further, or that it was seen where a filter leads to.
 */
#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

#include <labcheck/lab.h>

#include "lab/lab.h"
#include "postmortem/filters.h"
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

static void write_place(struct lc_node *node, const struct tc_action *a,
			char text[96])
{
	struct lc_link link = { 0 };

	node_link(node, a->ifindex, &link);
	snprintf(text, 96, "%s of %s:%s",
		 a->hook == TC_INGRESS ? "ingress" : "egress",
		 lc_node_name(node), link.name);
}

static void tell(struct lc_node *node, const struct tc_action *a, bool drops,
		 char *text, size_t size)
{
	char filter[64], place[96];
	struct lc_link to = { 0 };

	write_filter(a, filter);
	write_place(node, a, place);
	if (!drops)
		node_link(node, a->moved_to, &to);
	snprintf(text, size, "it got no further than %s, where %s %s%s (%s%s, tc filter)",
		 place, filter, drops ? "drops" : "redirects to ", to.name,
		 *a->action ? "action " : "", *a->action ? a->action : a->kind);
}

static bool looks_at(const struct tc_action *a, uint16_t protocol)
{
	return a->protocol == protocol || a->protocol == ETH_P_ALL;
}

static bool has_moved(const struct tc_action *is, const struct tc_action *old)
{
	return is->moved_to && is->passed > old->passed;
}

bool filters_on(const struct tally *filters, struct lc_node *node,
		uint32_t ifindex, enum tc_hook hook, uint16_t protocol,
		char *text, size_t size)
{
	const struct tally_node *t = tally_of(filters, node);
	const struct tc_action *list = t->after;

	for (size_t i = 0; i < t->after_count; i++) {
		const struct tc_action *is = &list[i], *old = was(t, is);
		const bool drops = old && is->dropped > old->dropped;

		if (is->ifindex != ifindex || is->hook != hook || !old ||
		    !looks_at(is, protocol) || (!drops && !has_moved(is, old)))
			continue;
		tell(node, is, drops, text, size);
		return true;
	}
	return false;
}

bool filters_moved_to(const struct tally *filters, struct lc_node *node,
		      uint32_t ifindex, uint16_t protocol, char *text,
		      size_t size)
{
	const struct tally_node *t = tally_of(filters, node);
	const struct tc_action *list = t->after;
	char filter[64], place[96];
	struct lc_link to = { 0 };

	for (size_t i = 0; i < t->after_count; i++) {
		const struct tc_action *is = &list[i], *old = was(t, is);

		if (is->moved_to != ifindex || !old || !looks_at(is, protocol) ||
		    !has_moved(is, old))
			continue;
		write_filter(is, filter);
		write_place(node, is, place);
		node_link(node, ifindex, &to);
		snprintf(text, size, "%s at %s redirected it to %s (action %s, tc filter)",
			 filter, place, to.name, is->action);
		return true;
	}
	return false;
}
