/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * udp.h - a datagram and its echo
 */
#ifndef PROBE_PROTOCOL_UDP_H
#define PROBE_PROTOCOL_UDP_H

struct lc_batch;
struct probe;

void udp_send(struct lc_batch *batch, struct probe *probe);

#endif
