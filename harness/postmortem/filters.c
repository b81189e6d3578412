// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filters.c - which filter of tc(8) took a packet
 *
 * What comes in meets them behind where taps see it, what leaves in front of that.
 * Whether it was this packet the counters do not say: who asks knows that it came
 * there, and no further, or that it was seen where a filter leads to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include <labcheck/lab.h>

#include "lab/lab.h"
#include "postmortem/filters.h"

/** struct filter_state - Of one node, before and after */
struct filter_state {
	struct tc_action *before, *after;
	size_t before_count, after_count;
};

struct filter_watch {
	struct lc_lab *lab;
	struct filter_state *nodes;	/* by their number */
};

struct filter_watch *filters_begin(struct lc_lab *lab)
{
	struct filter_watch *w = calloc(1, sizeof(*w));

	if (w)
		w->nodes = calloc(lab->node_count, sizeof(*w->nodes));
	if (!w || !w->nodes) {
		free(w);
		return NULL;
	}
	w->lab = lab;
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node->plan->kind != NODE_SHARED && !node->plan->absent &&
		    node->netns >= 0)
			node_tc_actions(node, &w->nodes[i].before,
					&w->nodes[i].before_count);
	}
	return w;
}

void filters_end(struct filter_watch *w)
{
	for (size_t i = 0; w && i < w->lab->node_count; i++)
		if (w->nodes[i].before)
			node_tc_actions(&w->lab->nodes[i], &w->nodes[i].after,
					&w->nodes[i].after_count);
}

void filters_free(struct filter_watch *w)
{
	for (size_t i = 0; w && i < w->lab->node_count; i++) {
		free(w->nodes[i].before);
		free(w->nodes[i].after);
	}
	if (w)
		free(w->nodes);
	free(w);
}

static bool is_same(const struct tc_action *a, const struct tc_action *b)
{
	return a->ifindex == b->ifindex && a->hook == b->hook &&
	       a->protocol == b->protocol && a->priority == b->priority &&
	       a->handle == b->handle && a->order == b->order &&
	       !strcmp(a->kind, b->kind) && !strcmp(a->action, b->action);
}

/* What it was before, or NULL */
static const struct tc_action *was(const struct filter_state *s,
				   const struct tc_action *is)
{
	for (size_t i = 0; i < s->before_count; i++)
		if (is_same(&s->before[i], is))
			return &s->before[i];
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

static const struct filter_state *state_of(const struct filter_watch *w,
					   const struct lc_node *node)
{
	return w ? &w->nodes[node - w->lab->nodes] : NULL;
}

bool filters_on(const struct filter_watch *w, struct lc_node *node,
		uint32_t ifindex, enum tc_hook hook, uint16_t protocol,
		char *text, size_t size)
{
	const struct filter_state *s = state_of(w, node);

	for (size_t i = 0; s && i < s->after_count; i++) {
		const struct tc_action *is = &s->after[i], *old = was(s, is);
		const bool drops = old && is->dropped > old->dropped;

		if (is->ifindex != ifindex || is->hook != hook || !old ||
		    !looks_at(is, protocol) || (!drops && !has_moved(is, old)))
			continue;
		tell(node, is, drops, text, size);
		return true;
	}
	return false;
}

bool filters_moved_to(const struct filter_watch *w, struct lc_node *node,
		      uint32_t ifindex, uint16_t protocol, char *text,
		      size_t size)
{
	const struct filter_state *s = state_of(w, node);
	char filter[64], place[96];
	struct lc_link to = { 0 };

	for (size_t i = 0; s && i < s->after_count; i++) {
		const struct tc_action *is = &s->after[i], *old = was(s, is);

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
