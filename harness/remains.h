/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * remains.h - bridges of labs that are over, until the kernel takes them down
 */
#ifndef HARNESS_REMAINS_H
#define HARNESS_REMAINS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct lc_lab;

enum {
	REMAINS_MOST = 128,		/* bridges; see remains.c */
};

/**
 * struct remains - What is kept
 * @in:		Where labs put it; -1: nothing is kept
 * @out:	Where it waits
 * @most:	How many bridges there may be
 */
struct remains {
	int in, out;
	size_t most;
};

/** remains_begin() - Of so many labs.  If it can't be, nothing is kept, and
 * nothing is lost */
void remains_begin(struct remains *r, unsigned long labs);

/** remains_done() - All that is kept goes, as it would with this process */
void remains_done(struct remains *r);

/** remains_leave() - Of a lab that is over: put what has bridges there, silent */
void remains_leave(struct lc_lab *lab, int in);

/** remains_put() - Keep one namespace, with so many bridges; or not, if there
 * is no room */
void remains_put(int in, int netns, size_t bridges);

/** remains_count() - How many bridges are kept */
size_t remains_count(const struct remains *r);

/** remains_let_go() - The oldest namespace goes, if there is one */
void remains_let_go(const struct remains *r);

/** remains_trim() - The oldest go, until there are no more than may be */
void remains_trim(const struct remains *r);

/**
 * remains_poll() - poll(2), and one goes if nothing has come for some time
 * @quiet:	Whoever is listened to needs the kernel least
 */
int remains_poll(const struct remains *r, struct pollfd *polls, nfds_t count,
		 int timeout_ms, bool quiet);

#endif
