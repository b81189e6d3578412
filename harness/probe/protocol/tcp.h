/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcp.h - a connection, and a word each way
 */
#ifndef PROBE_PROTOCOL_TCP_H
#define PROBE_PROTOCOL_TCP_H

struct lc_batch;
struct probe;

void tcp_send(struct lc_batch *batch, struct probe *probe);

#endif
