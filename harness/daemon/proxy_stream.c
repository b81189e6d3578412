// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy_stream.c - connections through the proxy
 *
 * The kernel answers the handshake before anybody knows whether the container
 * listens; if it does not, the connection is closed, which a client sees as an
 * end without a word (or a reset, if it has spoken already).
 *
 * Each direction has a buffer, and is read again when that is empty: a peer
 * that does not read makes the other one wait, and nothing piles up here.  An
 * end of one direction is passed on and leaves the other one alone; so is a
 * reset, as an end.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "daemon/proxy.h"

/**
 * struct stream_end - One of the two ends
 * @bytes:	Read from it, for the other end; NULL until there are any
 * @head, @fill: Where they begin and end in it
 * @read_over:	Nothing more comes from it
 * @write_over:	Nothing more goes to it
 * @watched:	The events that are asked for
 */
struct stream_end {
	struct daemon_watch watch;
	struct stream *stream;
	uint8_t *bytes;
	size_t head, fill;
	bool read_over, write_over;
	uint32_t watched;
};

/** struct stream - A connection, and the one that was made for it */
struct stream {
	struct listener *listener;
	struct stream_end client, container;
	bool connecting;
	struct passed passed;
	struct stream *next, **at;
};

static void end_init(struct stream *s, struct stream_end *e, int fd)
{
	int one = 1;

	*e = (struct stream_end){
		.watch = { .part = &proxy_part, .kind = PROXY_STREAM_END,
			   .fd = fd },
		.stream = s,
	};
	setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* There is room again: go on accepting */
static void resume(struct daemon_loop *loop)
{
	struct proxy *proxy = loop->proxy;

	if (proxy->full &&
	    !daemon_watch(loop, &proxy->accepts, EPOLLIN, NULL))
		proxy->full = false;
}

static void suspend(struct daemon_loop *loop)
{
	struct proxy *proxy = loop->proxy;

	/* With nothing that could end, there would be nobody to resume */
	if (proxy->stream_count || proxy->flow_count)
		proxy->full = !daemon_watch(loop, &proxy->accepts, 0, NULL);
}

static void stream_free(struct daemon_loop *loop, struct stream *s)
{
	daemon_unwatch(loop, &s->client.watch);
	daemon_unwatch(loop, &s->container.watch);
	free(s->client.bytes);
	free(s->container.bytes);
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	free(s);
	loop->proxy->stream_count--;
	resume(loop);
}

void streams_close(struct daemon_loop *loop, const struct offer *offer)
{
	struct stream *s, *next;

	for (s = loop->proxy->streams; s; s = next) {
		next = s->next;
		if (s->listener->offer == offer)
			stream_free(loop, s);
	}
}

static size_t waiting(const struct stream_end *e)
{
	return e->fill - e->head;
}

bool streams_busy(const struct proxy *proxy, uint64_t since_ns)
{
	for (const struct stream *s = proxy->streams; s; s = s->next)
		if (passed_busy(&s->passed, since_ns) ||
		    waiting(&s->client) || waiting(&s->container))
			return true;
	return false;
}

/* Read from one end if its buffer is empty */
static void take(struct stream *s, struct stream_end *from)
{
	ssize_t n;

	if (from->read_over || waiting(from))
		return;
	if (!from->bytes)
		from->bytes = malloc(STREAM_BUFFER);
	if (!from->bytes)
		return;
	n = recv(from->watch.fd, from->bytes, STREAM_BUFFER, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (from == &s->container)
		s->passed.answered = true;
	from->head = 0;
	from->fill = n > 0 ? (size_t)n : 0;
	from->read_over = n <= 0;
}

/* Write what waits for the other end, and then that no more will come */
static void give(struct stream *s, struct stream_end *from,
		 struct stream_end *to)
{
	ssize_t n;

	if (waiting(from)) {
		n = send(to->watch.fd, from->bytes + from->head, waiting(from),
			 MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			from->head = from->fill;
			from->read_over = true;
			shutdown(from->watch.fd, SHUT_RD);
		} else {
			from->head += (size_t)n;
		}
		if (n > 0 && to == &s->container)
			s->passed = (struct passed){ .ns = clock_ns() };
	}
	if (from->read_over && !waiting(from) && !to->write_over) {
		to->write_over = true;
		shutdown(to->watch.fd, SHUT_WR);
	}
}

/* Without events to wait for a socket is not watched at all: its hanging up
 * would be reported again and again */
static void end_watch(struct daemon_loop *loop, struct stream_end *e,
		      const struct stream_end *other)
{
	uint32_t events = 0;

	if (!e->read_over && !waiting(e))
		events |= EPOLLIN;
	if (waiting(other))
		events |= EPOLLOUT;
	if (events == e->watched)
		return;
	e->watched = events;
	daemon_watch(loop, &e->watch, events, NULL);
}

static void relay(struct daemon_loop *loop, struct stream *s)
{
	struct stream_end *a = &s->client, *b = &s->container;

	take(s, a);
	give(s, a, b);
	take(s, b);
	give(s, b, a);
	if (a->write_over && b->write_over) {
		stream_free(loop, s);
		return;
	}
	end_watch(loop, a, b);
	end_watch(loop, b, a);
}

/* The container has answered, one way or the other */
static void connected(struct daemon_loop *loop, struct stream *s)
{
	int error = 0;
	socklen_t size = sizeof(error);

	getsockopt(s->container.watch.fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error) {
		stream_free(loop, s);
		return;
	}
	s->connecting = false;
	s->passed.answered = true;
	s->container.watched = 0;
	daemon_watch(loop, &s->container.watch, 0, NULL);
	relay(loop, s);
}

void stream_ready(struct daemon_loop *loop, struct daemon_watch *watch,
		  uint32_t events)
{
	struct stream *s = ((struct stream_end *)watch)->stream;

	(void)events;
	if (s->connecting)
		connected(loop, s);
	else
		relay(loop, s);
}

static void stream_begin(struct daemon_loop *loop, struct listener *l,
			 int client)
{
	struct proxy *proxy = loop->proxy;
	int container = backend_open(loop, l, SOCK_STREAM);
	struct stream *s = container < 0 ? NULL : calloc(1, sizeof(*s));

	if (!s) {
		lc_close(&container);
		close(client);
		return;
	}
	s->listener = l;
	end_init(s, &s->client, client);
	end_init(s, &s->container, container);
	s->connecting = true;
	s->passed.ns = clock_ns();
	s->next = proxy->streams;
	s->at = &proxy->streams;
	if (s->next)
		s->next->at = &s->next;
	proxy->streams = s;
	proxy->stream_count++;
	/* The client waits in its socket until then */
	if (daemon_watch(loop, &s->container.watch, EPOLLOUT, NULL))
		stream_free(loop, s);
}

void stream_accept(struct daemon_loop *loop)
{
	struct proxy *proxy = loop->proxy;
	struct epoll_event e;
	struct listener *l;
	int fd;

	if (epoll_wait(proxy->accepts.fd, &e, 1, 0) != 1)
		return;
	if (proxy->stream_count == STREAMS_MAX) {
		suspend(loop);
		return;
	}
	l = e.data.ptr;
	fd = accept4(l->watch.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		stream_begin(loop, l, fd);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		 errno == ENOMEM)
		suspend(loop);
}
