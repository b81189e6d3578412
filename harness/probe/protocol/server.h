/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - labcheck itself, serving at the far end while it probes
 */
#ifndef PROBE_PROTOCOL_SERVER_H
#define PROBE_PROTOCOL_SERVER_H

struct lc_batch;
struct lc_err;
struct probe;

/** server_prepare() - Have the server run that a probe asks for, into
 * probe.server; who has that port already is an error */
int server_prepare(struct lc_batch *batch, struct probe *probe,
		   struct lc_err *err);

/** servers_free() - Close all of a batch */
void servers_free(struct lc_batch *batch);

#endif
