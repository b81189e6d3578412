/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prepare.h - a probe before it is sent: its nodes, its address, its sockets
 */
#ifndef PROBE_PREPARE_H
#define PROBE_PREPARE_H

struct lc_batch;
struct lc_err;
struct probe;

int probe_prepare(struct lc_batch *batch, struct probe *probe,
		  struct lc_err *err);

#endif
