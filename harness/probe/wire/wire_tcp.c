// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire_tcp.c - which probe a TCP segment on the wire belongs to
 *
 * A SYN bears nothing of ours: it is known by its ports where it leaves, and by
 * its sequence number, which NAT leaves alone, wherever else it is seen.
 */
#include <linux/if_packet.h>
#include <netinet/in.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/packet/packet.h"
#include "probe/wire/evidence.h"
#include "probe/wire/wire_tcp.h"
#include "scenario/address.h"

/* Is it the proxy's own, on its way to the container of a published port? */
static bool is_relayed(struct lc_batch *batch, const struct lc_node *node,
		       const struct packet *k)
{
	const struct plan *plan = batch->lab->plan;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->probes[i]->from == node &&
		    batch->probes[i]->local_port == k->source_port)
			return false;
	for (size_t i = 0; i < plan->published_count; i++) {
		const struct plan_published *p = &plan->published[i];

		if (p->proxy && p->host == node->index &&
		    p->protocol == IPPROTO_TCP &&
		    ip_equal(&p->to, &k->destination) &&
		    k->destination_port >= p->to_first &&
		    k->destination_port <= p->to_last)
			return true;
	}
	return false;
}

/* Ports tell whose SYN leaves, unless the node's own NAT has changed them; the
 * probe that is being sent at the moment comes first, watched or not: the
 * kernel gives one port to two connections that go to different places */
static struct probe *syn_of(struct lc_batch *batch, struct lc_node *node,
			    const struct packet *k)
{
	struct probe *p = batch->sending, *found = NULL;

	if (p && p->from == node && p->said.protocol == LC_TCP &&
	    (p->local_port == k->source_port || p->said.port ==
	     k->destination_port || ip_equal(&p->seen->address, &k->destination)))
		return p->observed && !p->left ? p : NULL;
	for (size_t i = 0; i < batch->count; i++) {
		p = batch->probes[i];
		if (p->from != node || p->said.protocol != LC_TCP ||
		    !p->observed || p->local_port != k->source_port ||
		    p->state == PROBE_SETTLED)
			continue;
		if (ip_equal(&p->seen->address, &k->destination))
			return p;
		found = p;
	}
	return found;
}

/* NAT leaves the sequence number of a SYN alone: by it the probe is known
 * wherever it goes, and by what is acknowledged so is its answer */
struct probe *wire_tcp_probe(struct lc_batch *batch, uint32_t sequence)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol == LC_TCP && p->left &&
		    p->sequence == sequence)
			return p;
	}
	return NULL;
}

/* Taps are read in any order: one may show where a SYN came in, passed through
 * or was answered, before the one at its sender shows that it left */
static void keep_strange(struct lc_batch *batch, struct lc_node *node,
			 const struct packet *k, int type)
{
	batch->strange[batch->strange_count++ % STRANGE_SYNS] =
		(struct strange_syn){ node, *k, type };
}

/* Only a SYN-ACK is an answer to one who is told that it is open */
static void target_answers(struct probe *p, const struct lc_node *node,
			   const struct packet *k)
{
	if (p->target != node)
		return;
	wire_answers(p, k);
	p->answer_left |= k->syn;
}

static void strange_seen(struct probe *p, const struct strange_syn *s)
{
	if (s->packet.has_ack)
		target_answers(p, s->node, &s->packet);
	else if (s->type == PACKET_OUTGOING)
		wire_went_on(p, s->node);
	else
		wire_came_in(p, s->node, &s->packet, s->type);
}

static void left(struct lc_batch *batch, struct probe *p,
		 const struct packet *k)
{
	uint32_t sequence = k->seq;

	p->left = true;
	p->seen->sent = wire_ends(k);
	p->sequence = sequence;
	for (size_t i = 0; i < STRANGE_SYNS && i < batch->strange_count; i++) {
		const struct strange_syn *s = &batch->strange[i];

		if ((s->packet.has_ack ? s->packet.ack - 1 : s->packet.seq) ==
		    sequence)
			strange_seen(p, s);
	}
}

static void syn_leaves(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k)
{
	struct probe *p = syn_of(batch, node, k);

	if (p) {
		left(batch, p, k);
		return;
	}
	p = wire_tcp_probe(batch, k->seq);
	if (p)
		wire_went_on(p, node);
	else
		keep_strange(batch, node, k, PACKET_OUTGOING);
}

void wire_tcp_seen(struct lc_batch *batch, struct lc_node *node,
		   const struct packet *k, int type)
{
	struct probe *p;

	if (type == PACKET_OUTGOING) {
		if (k->syn && !k->has_ack && !is_relayed(batch, node, k))
			syn_leaves(batch, node, k);
		p = k->has_ack ? wire_tcp_probe(batch, k->ack - 1) : NULL;
		if (p)
			target_answers(p, node, k);
		else if (k->has_ack && (k->syn || k->reset))
			keep_strange(batch, node, k, type);
	} else if (k->syn && !k->has_ack) {
		p = wire_tcp_probe(batch, k->seq);
		if (p)
			wire_came_in(p, node, k, type);
		else
			keep_strange(batch, node, k, type);
	} else if (k->has_ack) {
		p = wire_tcp_probe(batch, k->ack - 1);
		if (p && p->from == node)
			wire_answered(p, k);
	}
}
