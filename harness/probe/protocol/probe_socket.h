/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_socket.h - a probe's own socket, as programs have one
 */
#ifndef PROBE_PROTOCOL_PROBE_SOCKET_H
#define PROBE_PROTOCOL_PROBE_SOCKET_H

struct lc_batch;
struct probe;
struct watch;

/**
 * probe_socket() - A socket in the sender, into probe.watch
 * @type:	SOCK_*
 * @ready:	Who is called once it is in the event loop
 *
 * It queues errors, and is bound to the source that the probe is to have.
 *
 * Return: 0, or negative: then the probe is settled
 */
int probe_socket(struct lc_batch *batch, struct probe *probe, int type,
		 void (*ready)(struct lc_batch *, struct watch *,
			       unsigned int));

/** probe_note_port() - From which port it sends, into probe.local_port */
void probe_note_port(struct probe *probe);

#endif
