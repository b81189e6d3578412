// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * evidence.c - what was seen of a probe, noted where it is judged
 *
 * Taps may show the same packet more than once, and in any order.  So each fact is
 * noted once, and none takes another back.
 */
#include <linux/if_packet.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "probe/batch/probe.h"
#include "probe/packet/packet.h"
#include "probe/wire/evidence.h"
#include "scenario/address.h"

/* Packets that pass through a node on their way to another did not arrive */
static bool is_for_target(const struct probe *p, const struct packet *k,
			  int type)
{
	return type != PACKET_HOST || p->said.server_on || p->said.target_on ||
	       node_has_address(p->target, &k->destination);
}

/* What is to get there by NAT may have another's address; but then it does not
 * leave again */
static bool is_for_another(const struct probe *p, const struct packet *k,
			   int type)
{
	return type == PACKET_HOST &&
	       (p->said.server_on || p->said.target_on) &&
	       !node_has_address(p->target, &k->destination);
}

bool probe_arrived(const struct probe *p)
{
	return p->on_target_wire && !(p->for_another && p->went_on);
}

void wire_went_on(struct probe *p, const struct lc_node *node)
{
	p->went_on |= node == p->target && node != p->from;
}

struct lc_ends wire_ends(const struct packet *k)
{
	return (struct lc_ends){ k->source, k->destination, k->source_port,
				 k->destination_port };
}

/* On its way to its target, or to where it was led instead */
static void router_met(struct probe *p, struct lc_node *node,
		       const struct lc_ip *destination)
{
	if (node == p->from)
		return;
	p->router = node;
	p->router_destination = *destination;
}

void wire_came_in(struct probe *p, struct lc_node *node,
		  const struct packet *k, int type)
{
	router_met(p, node, &k->destination);
	if (node != p->target || !is_for_target(p, k, type))
		return;
	if (p->on_target_wire) {
		if (!ip_equal(&k->source, &p->wire_source))
			p->seen->stray = wire_ends(k);
		return;
	}
	p->on_target_wire = true;
	p->for_another = is_for_another(p, k, type);
	p->seen->arrived = wire_ends(k);
	p->wire_source = k->source;
	p->wire_port = k->destination_port;
}

void wire_answers(struct probe *p, const struct packet *k)
{
	if (!p->seen->answer.source.family)
		p->seen->answer = wire_ends(k);
}

void wire_answered(struct probe *p, const struct packet *k)
{
	if (k->kind != PACKET_ICMP_ERROR && !p->seen->returned.source.family)
		p->seen->returned = wire_ends(k);
	if (p->state == PROBE_SETTLED)
		return;
	p->wire_answer = true;
	p->wire_error = k->kind == PACKET_ICMP_ERROR;
	p->wire_answer_from = k->source;
	p->wire_answer_port = k->source_port;
}
