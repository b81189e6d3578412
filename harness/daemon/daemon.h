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
 * This is the side of who starts it; what it does is in loop.c, and what it
 * can do is told by its parts (part.h).
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

struct lc_at;
struct lc_err;
struct lc_lab;
struct plan;

/**
 * daemon_start() - Start it, if the lab's plan or one that follows it needs it
 *
 * The lab must stand (rules loaded).  When it returns, everything listens that
 * is to listen in lab->plan.  It ends with the sandbox, however that ends.
 *
 * Return: 0, or -errno with @err; @ret_at then is the place in the file that
 * asked for it (line 0: none)
 */
int daemon_start(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

/**
 * daemon_advance() - The lab went on from @before to lab->plan
 *
 * When it returns, everything listens that is to listen, and nothing else.
 */
int daemon_advance(struct lc_lab *lab, const struct plan *before,
		   struct lc_err *err);

/**
 * daemon_check() - Whether it still runs; true as well if there is none
 *
 * Whoever has killed it (a command of the lab, the kernel for want of memory):
 * what was measured without it says nothing about the lab.
 *
 * Return: 0, or -errno with @err: how it ended
 */
int daemon_check(struct lc_lab *lab, struct lc_err *err);

/** daemon_pin() - From here on it stays on processor @cpu; see sentinel.c */
int daemon_pin(struct lc_lab *lab, int cpu, struct lc_err *err);

/**
 * struct daemon_settled - What it is at
 * @moved:	Something had reached it since it was asked last
 * @busy:	Something that it has passed on since then (a question to a name
 *		server, bytes to a container) is still without an answer
 */
struct daemon_settled {
	bool moved, busy;
};

/**
 * daemon_settle() - Wait until it has handled all that had reached it
 * @since_ns:	What it passed on before is nobody's business any more
 *
 * What a silent probe is held against: had the daemon still to speak, the
 * silence would prove nothing.
 *
 * Return: 0 (at once where there is no daemon), or -errno with @err when it
 * does not answer
 */
int daemon_settle(struct lc_lab *lab, uint64_t since_ns,
		  struct daemon_settled *ret_settled, struct lc_err *err);

/** daemon_stop() - End it before its time; fine where there is none */
void daemon_stop(struct lc_lab *lab);

#endif
