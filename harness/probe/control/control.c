// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control.c - that a sender can send, where nothing came of what it sent
 *
 * Theory of operation
 *
 * Nodes that a network keeps apart fall silent, and so does a sender that is
 * broken.  So no probe is believed to be dropped, and no neighbour to be missing,
 * unless something shows that its sender's link works, in the same batch.  What
 * was seen anyway comes first:
 *
 * - The probe itself came in somewhere else, at its target or a router; or
 *   somebody answered it, whatever became of the answer.
 * - Something else that this sender sent out of that interface was answered: its
 *   ARP or neighbour discovery, another probe.
 *
 * Where there is no such thing, which is so in a network that nobody routes and
 * whose neighbours are known:
 *
 * - A mark is sent out of the interface, and must come in at the other end of the
 *   cable (way_out.c).  It shows that sending works, and asks nothing of the
 *   network behind: a port that is isolated or in no bridge, a filter, a
 *   neighbour entry for a station that is not there are what a negative is about.
 *   A mark leaves no trace in any table (mark.c).
 * - If the other end is in no node of the lab, as with containers that are
 *   adopted, the next hop is asked for by ARP or neighbour discovery, then the
 *   default gateway, which is there even if the target is kept apart, and then
 *   those whom the sender knows by now.
 *
 * If neither is to be had the probe stays what it was, but a check that passes on
 * it is an error: whether it was dropped or never sent could not be measured.
 *
 * An ICMP error, a reset or an answer needs no control: it came back.  What the
 * sender's own kernel refuses (no-route, blocked), has its word for proof.  But
 * `fail` and `-`, which name no cause, don't take it from a sender all of whose
 * interfaces are down: that would be so whatever the network is like.
 */
#include <net/if.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/control/await.h"
#include "probe/control/control.h"
#include "probe/control/next_hop.h"
#include "probe/control/way_out.h"
#include "probe/wire/heard.h"
#include "scenario/address.h"

enum {
	ASKED_MAX = 4,		/* of a link; who is not there is waited for */
};

/**
 * struct control - Of one sender, for all probes of a batch that it is good for
 * @saw:	The node that has seen those, or NULL: @ifindex, by which they leave
 * @hop:	Who was asked first, if anybody had to be
 */
struct control {
	struct control *next;
	struct lc_node *node;
	const struct lc_node *saw;
	uint32_t ifindex;
	struct lc_ip hop;
	bool holds;
	char text[CONTROL_TEXT];
};

/* A probe of the batch that went out of there, and was answered */
static const struct probe *answered_on(const struct lc_batch *b,
				       const struct control *c)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct probe *p = b->probes[i];
		struct lc_route route;

		if (p->from == c->node && p->seen->answered_by.family &&
		    !lc_node_lookup(p->from, &p->seen->address, NULL, &route,
				    NULL) &&
		    route.ifindex == c->ifindex)
			return p;
	}
	return NULL;
}

static void control_make(struct lc_batch *b, struct control *c,
			 const struct lc_ip *hop)
{
	const struct heard *h = heard_on(b, c->node, c->ifindex);
	const struct probe *other = h ? NULL : answered_on(b, c);
	char by[IP_TEXT_SIZE];
	struct lc_link link;

	if (!node_link(c->node, c->ifindex, &link)) {
		snprintf(c->text, sizeof(c->text),
			 "the interface that it left by is gone");
		return;
	}
	if (h || other) {
		c->holds = true;
		snprintf(c->text, sizeof(c->text), "%s answered %s's %s on %s",
			 ip_format(h ? &h->by : &other->seen->answered_by, by),
			 lc_node_name(c->node),
			 h ? inquiry_name(&h->by) : "other probes", link.name);
		return;
	}
	switch (way_out(b, c->node, &link, c->text)) {
	case WAY_WORKS:
		c->holds = true;
		return;
	case WAY_FAILS:
		return;
	case WAY_UNKNOWN:
		c->hop = *hop;
		c->holds = next_hop_answers(b, c->node, &link, hop, c->text);
		return;
	}
}

static struct control *control_new(struct lc_batch *b, struct lc_node *node,
				   const struct lc_node *saw, uint32_t ifindex)
{
	struct control *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	*c = (struct control){ .next = b->controls, .node = node, .saw = saw,
			       .ifindex = ifindex };
	return b->controls = c;
}

/* One that holds is good for all; of those that do not, for whom else to ask */
static const struct control *control_of_link(struct lc_batch *b,
					     struct lc_node *node,
					     uint32_t ifindex,
					     const struct lc_ip *hop)
{
	struct control *c, *failed = NULL;
	size_t asked = 0;

	for (c = b->controls; c; c = c->next) {
		if (c->node != node || c->saw || c->ifindex != ifindex)
			continue;
		if (c->holds || !c->hop.family || ip_equal(&c->hop, hop))
			return c;
		failed = c;
		asked++;
	}
	if (asked == ASKED_MAX)
		return failed;
	c = control_new(b, node, NULL, ifindex);
	if (c)
		control_make(b, c, hop);
	return c;
}

/* A router is one of those that a probe is on its way by */
static const struct control *control_of_router(struct lc_batch *b,
					       struct lc_node *node,
					       const struct lc_node *saw)
{
	struct control *c;

	for (c = b->controls; c; c = c->next)
		if (c->node == node && c->saw == saw)
			return c;
	c = control_new(b, node, saw, 0);
	if (!c)
		return NULL;
	c->holds = true;
	snprintf(c->text, sizeof(c->text), "%s saw what %s sent",
		 lc_node_name(saw), lc_node_name(node));
	return c;
}

void controls_free(struct lc_batch *b)
{
	struct control *c;

	while ((c = b->controls)) {
		b->controls = c->next;
		free(c);
	}
}

/* What was sent, and not answered */
static void control_probe(struct lc_batch *b, struct probe *p)
{
	const struct lc_ip *source = p->said.source ? &p->said.source->ip :
						      NULL;
	struct lc_route route = { .ifindex = p->scope };
	const struct control *c;

	if (p->wire_answer || p->on_target_wire)
		return;
	if (!p->router && !p->scope)
		lc_node_lookup(p->from, &p->seen->address, source, &route, NULL);
	c = p->router ? control_of_router(b, p->from, p->router) :
			control_of_link(b, p->from, route.ifindex,
					route.via.family ? &route.via :
							   &p->seen->address);
	p->seen->control = c ? c->text : "there is no memory for a control";
	p->seen->uncontrolled = !c || !c->holds;
}

/* It has interfaces, and all are down or without a carrier; one that has none at
 * all is not broken, but as it should be (`network: none`) */
static bool is_cut_off(struct lc_node *node)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0, others = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (links[i].flags & IFF_LOOPBACK)
			continue;
		if ((links[i].flags & (IFF_UP | IFF_LOWER_UP)) ==
		    (IFF_UP | IFF_LOWER_UP))
			return false;
		others++;
	}
	return others;
}

/* Its own kernel has refused it, or found no name, and would have for a sender
 * that is plugged in as well */
static void control_refusal(struct lc_batch *b, struct probe *p)
{
	struct lc_node *from = lc_lab_node(b->lab, p->said.from, NULL);
	char *text;

	p->seen->cut_off = from && !p->wire_answer && is_cut_off(from);
	if (!p->seen->cut_off ||
	    asprintf(&text,
		     "%s; %s can't send at all, as its interfaces are down or without carrier",
		     p->seen->detail, lc_node_name(from)) < 0)
		return;
	free(p->detail);
	p->seen->detail = p->detail = text;
}

static void control(struct lc_batch *b, struct probe *p)
{
	switch (p->seen->outcome) {
	case LC_DROP:
	case LC_NO_NEIGHBOR:
		control_probe(b, p);
		return;
	case LC_NO_ROUTE:
	case LC_BLOCKED:
	case LC_NO_NAME:
		control_refusal(b, p);
		return;
	case LC_NO_CARRIER:
	case LC_TOO_BIG:
	case LC_REPLY:
	case LC_REFUSED:
	case LC_CLOSED:
	case LC_NET_UNREACHABLE:
	case LC_HOST_UNREACHABLE:
	case LC_PROTOCOL_UNREACHABLE:
	case LC_PORT_UNREACHABLE:
	case LC_PROHIBITED:
	case LC_TTL_EXCEEDED:
	case LC_REJECT:
	case LC_OUTCOME_ERROR:
		return;
	}
}

void controls_run(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->probes[i]->said.negative)
			control(b, b->probes[i]);
}
