/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.h - a probe is sent, by whatever protocol
 */
#ifndef PROBE_SEND_H
#define PROBE_SEND_H

struct lc_batch;
struct probe;

/** probe_send() - Send it, for the first time or again, and read what is there at
 * once */
void probe_send(struct lc_batch *batch, struct probe *probe);

#endif
