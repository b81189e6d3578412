// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop.c - the event loop: whoever's socket is ready is called
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include <labcheck/err.h>

#include "probe/batch.h"
#include "probe/capture/capture.h"
#include "probe/capture/recording.h"

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

static void watch_ready(struct lc_batch *b, struct watch *w,
			unsigned int events)
{
	if (w->fd < 0)
		return;
	switch (w->kind) {
	case WATCH_ECHO:
		echo_ready(b, w, events & EPOLLERR);
		return;
	case WATCH_TAP:
		tap_ready(b, w);
		return;
	case WATCH_TCP:
		tcp_ready(b, w->probe);
		return;
	case WATCH_UDP:
		udp_ready(b, w->probe);
		return;
	case WATCH_DNS:
		dns_ready(b, w->probe);
		return;
	case WATCH_LISTEN:
		server_ready(b, w->server);
		return;
	case WATCH_CONNECTION:
		connection_ready(b, w);
		return;
	}
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

			moved |= w->kind != WATCH_TAP;
			watch_ready(b, w, events[i].events);
		}
		/* A settled probe has nothing more to say */
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			if ((w->kind == WATCH_TCP || w->kind == WATCH_UDP ||
			     w->kind == WATCH_DNS) &&
			    w->probe->state == PROBE_SETTLED)
				probe_close(w->probe);
		}
	}
	recording_read(b->lab->recording);
	captures_read(b->lab->captures);
	return moved;
}
