/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - the event loop of a batch
 */
#ifndef PROBE_BATCH_LOOP_H
#define PROBE_BATCH_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_err;
struct lc_node;
struct probe;
struct server;

/**
 * struct watch - A socket in the event loop, and whose it is
 * @ready:	Called when there is something to read, and if it is not closed
 * @wire:	A tap: it shows what others say, and nothing is said to it
 * @batch:	Of an echo socket: the number of that in whose event loop it is
 * @over:	Nothing more is to come, see probe_settle()
 * @lost_before: Of an echo socket: before this batch, see echo.c
 * @crowded:	Of an echo socket: it may have had no room, in this batch
 */
struct watch {
	void (*ready)(struct lc_batch *batch, struct watch *watch,
		      unsigned int events);
	int fd;
	int family;
	bool wire, over;
	uint64_t batch;
	struct lc_node *node;
	struct probe *probe;
	struct server *server;
	uint32_t lost_before;
	bool crowded;
};

/** batch_watch() - Put a socket into the event loop; that it is there already is
 * fine */
int batch_watch(struct lc_batch *batch, struct watch *watch,
		unsigned int events, struct lc_err *err);

/** batch_watches() - Whether it is in this batch's event loop */
bool batch_watches(struct lc_batch *batch, struct watch *watch);

/** batch_rewatch() - Listen to other events of it from here on */
void batch_rewatch(struct lc_batch *batch, struct watch *watch,
		   unsigned int events);

/**
 * batch_pump() - Read all that can be read
 * @wait_ms:	At most, for the first of it
 *
 * Return: whether it was for a probe or a server, and not for a tap alone
 */
bool batch_pump(struct lc_batch *batch, int wait_ms);

#endif
