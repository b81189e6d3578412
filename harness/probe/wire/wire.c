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
#include <stdlib.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/packet/packet.h"
#include "probe/packet/pieces.h"
#include "probe/packet/trail.h"
#include "probe/wire/evidence.h"
#include "probe/wire/wire.h"
#include "probe/wire/wire_tcp.h"
#include "scenario/address.h"

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

/* Of an echo that comes back to its own sender there is no telling apart */
static void trail_leaves(struct probe *p, const struct lc_node *node,
			 const struct packet *k)
{
	if (node == p->from && k->kind == PACKET_ECHO_REQUEST)
		trail_note(&p->trail, TRAIL_ASKED, k);
	else if (node == p->target && k->kind == PACKET_ECHO_REPLY)
		trail_note(&p->trail, TRAIL_SAID, k);
}

static void trail_comes(struct probe *p, const struct lc_node *node,
			const struct packet *k)
{
	if (node == p->from && k->kind == PACKET_ECHO_REPLY)
		trail_note(&p->trail, TRAIL_HEARD, k);
	else if (node == p->target && k->kind == PACKET_ECHO_REQUEST)
		trail_note(&p->trail, TRAIL_GOT, k);
}

static void ours_leaves(struct probe *p, struct lc_node *node,
			const struct packet *k)
{
	bool reply = k->kind == PACKET_ECHO_REPLY;

	trail_leaves(p, node, k);
	if (node == p->from && !p->left && !reply) {
		p->left = true;
		p->seen->sent = wire_ends(k);
	} else if (node == p->target && p->on_target_wire &&
		   (reply || (k->kind == PACKET_UDP &&
			      k->source_port == p->wire_port))) {
		wire_answers(p, k);
		p->answer_left = true;
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

	if (type != PACKET_OUTGOING)
		trail_comes(p, node, k);
	if (type == PACKET_OUTGOING)
		ours_leaves(p, node, k);
	else if (node != p->from ? !reply :
				   node == p->target && request &&
					   !p->on_target_wire)
		request_seen(p, node, k, ifindex, type);
	else if (node == p->from && k->kind != PACKET_ECHO_REQUEST && p->left)
		answer_seen(p, k, ifindex, type);
}

/* A server of somebody else's answers with words of its own */
static void words_leave(struct lc_batch *batch, const struct lc_node *node,
			const struct packet *k)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol != LC_UDP || p->target != node ||
		    !p->on_target_wire || k->source_port != p->wire_port ||
		    k->destination_port != p->seen->arrived.source_port ||
		    !ip_equal(&k->destination, &p->wire_source))
			continue;
		wire_answers(p, k);
		p->answer_left = true;
	}
}

/* They come home, though perhaps from another than was asked */
static void words_come(struct lc_batch *batch, const struct lc_node *node,
		       const struct packet *k)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol == LC_UDP && p->from == node &&
		    p->left && p->local_port == k->destination_port)
			wire_answered(p, k);
	}
}

/* Questions bear no cookie, and are known by their port.  As one leaves NAT may have
 * changed that (so it does, unasked, where the answers to another's come to the same
 * one): then it is known by its number */
static bool dns_is_of(const struct probe *p, const struct packet *k, bool out)
{
	if (!out)
		return p->local_port == k->destination_port;
	return p->local_port == k->source_port ||
	       (!p->left && p->question_id == k->number);
}

static void dns_seen(struct lc_batch *batch, struct lc_node *node,
		     const struct packet *k, int type)
{
	const bool out = type == PACKET_OUTGOING;

	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol != LC_DNS || p->from != node ||
		    !p->observed || p->state == PROBE_SETTLED ||
		    !dns_is_of(p, k, out))
			continue;
		if (out)
			p->left = true;
		else if (p->left)
			wire_answered(p, k);
		return;
	}
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
		else if (k->kind == PACKET_UDP && !k->ours) {
			if (type == PACKET_OUTGOING)
				words_leave(batch, node, k);
			else
				words_come(batch, node, k);
			dns_seen(batch, node, k, type);
		}
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
