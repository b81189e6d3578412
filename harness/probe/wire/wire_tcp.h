/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire_tcp.h - which probe a TCP segment on the wire belongs to
 */
#ifndef PROBE_WIRE_WIRE_TCP_H
#define PROBE_WIRE_WIRE_TCP_H

#include <stdint.h>

struct lc_batch;
struct lc_node;
struct packet;

/** wire_tcp_seen() - A segment that a node's tap saw; @type: sll_pkttype */
void wire_tcp_seen(struct lc_batch *batch, struct lc_node *node,
		   const struct packet *packet, int type);

/** wire_tcp_probe() - The one whose SYN has that sequence number, or NULL */
struct probe *wire_tcp_probe(struct lc_batch *batch, uint32_t sequence);

#endif
