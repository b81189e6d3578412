// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire.c - what a packet on the wire says of the probe that it belongs to
 *
 * At its sender a probe is seen leaving, and its answer coming, even if the own
 * firewall then drops it.  At its target it is seen to arrive, and the target
 * to say something; on its way, to go on.  ICMP and UDP bear our cookie, TCP is
 * known by its sequence number (wire_tcp.c), a DNS question by its port.
 */
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "probe/batch.h"
#include "probe/wire/wire.h"
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

void wire_came_in(struct probe *p, struct lc_node *node,
		  const struct packet *k, int type)
{
	router_met(p, node, &k->destination);
	if (node != p->target || !is_for_target(p, k, type))
		return;
	if (p->on_target_wire) {
		if (!ip_equal(&k->source, &p->wire_source))
			p->seen.stray = wire_ends(k);
		return;
	}
	p->on_target_wire = true;
	p->for_another = is_for_another(p, k, type);
	p->seen.arrived = wire_ends(k);
	p->wire_source = k->source;
	p->wire_port = k->destination_port;
}

/* Its target says something; the first word is the answer */
void wire_answers(struct probe *p, const struct packet *k)
{
	if (!p->seen.answer.source.family)
		p->seen.answer = wire_ends(k);
}

void wire_answered(struct probe *p, const struct packet *k)
{
	if (k->kind != PACKET_ICMP_ERROR && !p->seen.returned.source.family)
		p->seen.returned = wire_ends(k);
	if (p->state == PROBE_SETTLED)
		return;
	p->wire_answer = true;
	p->wire_error = k->kind == PACKET_ICMP_ERROR;
	p->wire_answer_from = k->source;
	p->wire_answer_port = k->source_port;
}

/* NULL: it can't be told what comes in pieces, so nothing is proved by silence */
static struct piecemeal *pieces_of(struct probe *p)
{
	if (!p->pieces)
		p->pieces = calloc(1, sizeof(*p->pieces));
	if (!p->pieces)
		p->from->probe->tap_lost = true;
	return p->pieces;
}

static void request_seen(struct probe *p, struct lc_node *node,
			 const struct packet *k, int ifindex, int type)
{
	if (!k->piece.more || node != p->target)
		wire_came_in(p, node, k, type);
	else if (pieces_of(p))
		pieces_begin(&p->pieces->request, k, ifindex, type);
}

static void answer_seen(struct probe *p, const struct packet *k, int ifindex,
			int type)
{
	if (!k->piece.more)
		wire_answered(p, k);
	else if (pieces_of(p))
		pieces_begin(&p->pieces->answer, k, ifindex, type);
}

static void ours_leaves(struct probe *p, struct lc_node *node,
			const struct packet *k)
{
	bool reply = k->kind == PACKET_ECHO_REPLY;

	if (node == p->from && !p->left && !reply) {
		p->left = true;
		p->seen.sent = wire_ends(k);
	} else if (node == p->target && p->on_target_wire &&
		   (reply || (k->kind == PACKET_UDP &&
			      k->source_port == p->wire_port))) {
		wire_answers(p, k);
	} else if (!reply) {
		wire_went_on(p, node);
	}
}

/* ICMP echo and UDP, which bear our cookie */
static void ours_seen(struct probe *p, struct lc_node *node,
		      const struct packet *k, int ifindex, int type)
{
	bool reply = k->kind == PACKET_ECHO_REPLY;
	bool request = k->kind == PACKET_ECHO_REQUEST ||
		       (k->kind == PACKET_UDP &&
			(k->destination_port == p->said.port ||
			 k->destination_port == p->said.server_port));

	if (type == PACKET_OUTGOING)
		ours_leaves(p, node, k);
	else if (node != p->from ? !reply :
				   node == p->target && request &&
					   !p->on_target_wire)
		request_seen(p, node, k, ifindex, type);
	else if (node == p->from && k->kind != PACKET_ECHO_REQUEST && p->left)
		answer_seen(p, k, ifindex, type);
}

/* Questions bear no cookie, and are known by their port.  NAT may lead them
 * elsewhere, but where from they come it changes behind the tap alone */
static struct probe *dns_probe(struct lc_batch *batch, struct lc_node *node,
			       uint16_t port)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol == LC_DNS && p->from == node &&
		    p->observed && p->local_port == port &&
		    p->state != PROBE_SETTLED)
			return p;
	}
	return NULL;
}

static void dns_seen(struct lc_batch *batch, struct lc_node *node,
		     const struct packet *k, int type)
{
	struct probe *p = dns_probe(batch, node,
				    type == PACKET_OUTGOING ?
					    k->source_port :
					    k->destination_port);

	if (p && type == PACKET_OUTGOING)
		p->left = true;
	else if (p && p->left)
		wire_answered(p, k);
}

static void piece_seen(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k, int ifindex)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];
		struct piecemeal *m = p->pieces;

		if (m && node == p->target && m->request.ifindex &&
		    pieces_add(&m->request, k, ifindex))
			wire_came_in(p, node, &m->request.first,
				     m->request.type);
		if (m && node == p->from && m->answer.ifindex &&
		    pieces_add(&m->answer, k, ifindex))
			wire_answered(p, &m->answer.first);
	}
}

static void error_seen(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k)
{
	struct probe *p = NULL;

	if (k->about == PACKET_TCP)
		p = wire_tcp_probe(batch, k->seq);
	else if (k->ours)
		p = batch_find(batch, k->serial);
	if (p && p->from == node && p->left)
		wire_answered(p, k);
}

void wire_packet(struct lc_batch *batch, struct lc_node *node,
		 const struct packet *k, int ifindex, int type)
{
	struct probe *p;

	/* Another's by its MAC address: the kernel takes no notice of it */
	if (type == PACKET_OTHERHOST)
		return;
	switch (k->kind) {
	case PACKET_TCP:
		wire_tcp_seen(batch, node, k, type);
		return;
	case PACKET_UDP:
	case PACKET_ECHO_REQUEST:
	case PACKET_ECHO_REPLY:
		p = k->ours ? batch_find(batch, k->serial) : NULL;
		if (p && p->observed)
			ours_seen(p, node, k, ifindex, type);
		else if (k->kind == PACKET_UDP && !k->ours)
			dns_seen(batch, node, k, type);
		return;
	case PACKET_ICMP_ERROR:
		if (type != PACKET_OUTGOING)
			error_seen(batch, node, k);
		return;
	case PACKET_FRAGMENT:
		if (type != PACKET_OUTGOING)
			piece_seen(batch, node, k, ifindex);
		return;
	case PACKET_OTHER:
		return;
	}
}
