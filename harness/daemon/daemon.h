/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - what a container engine keeps running beside its containers
 *
 * Docker's daemon answers names at 127.0.0.11 in every container, and a proxy
 * of it listens at every published port.  Here one process plays both, for the
 * whole lab, in one event loop; it exists only where a lab needs either.  It
 * is a process of its own, since programs of the lab may ask it at any time,
 * also while labcheck waits for a command.
 *
 * Its sockets are opened inside the nodes by whoever starts it, and handed
 * over: it never enters a namespace, but to ask a name server from inside a
 * container, as Docker does, for which it holds sockets as well.
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

struct lc_err;
struct lc_lab;
struct plan;

/**
 * daemon_start() - Start it, if the lab's plan has published ports with a
 *		    proxy, or needs embedded name servers
 *
 * The lab must stand (rules loaded).  When it returns, everything listens.
 * It ends with the sandbox.
 */
int daemon_start(struct lc_lab *lab, struct lc_err *err);

/** daemon_advance() - The lab went on from @before to lab->plan */
int daemon_advance(struct lc_lab *lab, const struct plan *before,
		   struct lc_err *err);

/**
 * daemon_settle() - Wait until it has handled all that had reached it
 * @ret_busy:	Something that it passed on (a question to a name server, bytes
 *		to a container) is still without an answer
 *
 * What a silent probe is held against: had the daemon still to speak, the
 * silence would prove nothing.  Return: 0 (at once where there is no daemon),
 * or -errno with @err when it does not answer.
 */
int daemon_settle(struct lc_lab *lab, bool *ret_busy, struct lc_err *err);

#endif
