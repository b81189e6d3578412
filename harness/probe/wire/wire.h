/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire.h - what a packet on the wire says of the probe that it belongs to
 */
#ifndef PROBE_WIRE_WIRE_H
#define PROBE_WIRE_WIRE_H

struct lc_batch;
struct lc_node;
struct packet;

/**
 * wire_packet() - An IP packet that a node's tap saw
 * @ifindex:	Of the node's interface
 * @type:	sll_pkttype, see packet(7)
 */
void wire_packet(struct lc_batch *batch, struct lc_node *node,
		 const struct packet *packet, int ifindex, int type);

#endif
