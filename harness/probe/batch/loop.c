// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop.c - the event loop: whoever's socket is ready is called
 *
 * All sockets of a batch are watched in one epoll, and nobody else waits.  Whose
 * they are the loop does not know: senders, servers and taps bring their own
 * function.
 *
 * What is over is closed behind its round: the other end of a connection may be in
 * the same one, and is to find it as it was.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"

int batch_watch(struct lc_batch *b, struct watch *w, unsigned int events,
		struct lc_err *err)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	if (!epoll_ctl(b->epoll, EPOLL_CTL_ADD, w->fd, &e) || errno == EEXIST)
		return 0;
	return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
}

bool batch_watches(struct lc_batch *b, struct watch *w)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = w };

	return !epoll_ctl(b->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

void batch_rewatch(struct lc_batch *b, struct watch *w, unsigned int events)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	epoll_ctl(b->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

bool batch_pump(struct lc_batch *b, int wait_ms)
{
	struct epoll_event events[64];
	bool moved = false;
	int n;

	if (wait_ms)
		addresses_forget(b);
	/* Bounded, since somebody else's packets may keep a tap busy */
	for (int round = 0; round < 1000; round++) {
		n = epoll_wait(b->epoll, events, 64, wait_ms);
		if (n <= 0)
			break;
		wait_ms = 0;
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			moved |= !w->wire;
			if (w->fd >= 0)
				w->ready(b, w, events[i].events);
		}
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			if (w->over)
				lc_close(&w->fd);
		}
	}
	if (b->lab->meanwhile)
		b->lab->meanwhile(b->lab);
	return moved;
}
