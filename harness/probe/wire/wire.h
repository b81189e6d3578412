/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.h - what a packet on the wire says of the probe that it belongs to */
#ifndef PROBE_WIRE_H
#define PROBE_WIRE_H

#include <stdint.h>

#include "probe/batch.h"

struct packet;

/**
 * wire_packet() - An IP packet that a node's tap saw
 * @ifindex:	Of the node's interface
 * @type:	sll_pkttype, see packet(7)
 */
void wire_packet(struct lc_batch *batch, struct lc_node *node,
		 const struct packet *packet, int ifindex, int type);

/* A probe came into a node, for itself or to be passed on; left one that it is
 * not from; its target said something; its sender got something */
void wire_came_in(struct probe *probe, struct lc_node *node,
		  const struct packet *packet, int type);
void wire_went_on(struct probe *probe, const struct lc_node *node);
void wire_answers(struct probe *probe, const struct packet *packet);
void wire_answered(struct probe *probe, const struct packet *packet);
struct lc_ends wire_ends(const struct packet *packet);

/* wire_tcp.c */
void wire_tcp_seen(struct lc_batch *batch, struct lc_node *node,
		   const struct packet *packet, int type);
/* The one whose SYN has that sequence number, or NULL */
struct probe *wire_tcp_probe(struct lc_batch *batch, uint32_t sequence);

#endif
