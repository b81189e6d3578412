/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proxy.h - the parts of the userland proxy, to each other
 *
 * proxy.c keeps what is offered; proxy_listen.c opens the sockets for it;
 * proxy_stream.c relays connections, proxy_flow.c datagrams.
 */
#ifndef DAEMON_PROXY_H
#define DAEMON_PROXY_H

#include <sys/socket.h>

#include "daemon/part.h"
#include "scenario/plan.h"

enum {
	/* A connection has two sockets and, when peers are slow, two buffers */
	STREAMS_MAX	= 1024,
	STREAM_BUFFER	= 16384,
	FLOWS_MAX	= 4096,
	FLOW_CHAINS	= 1024,
	DATAGRAM_MAX	= 65536,
	/* Open files that connections, flows and all else may take */
	FILES_SPARE	= 512,
};

/** enum proxy_socket - Kinds of what daemon_watch is embedded in */
enum proxy_socket {
	PROXY_ACCEPTS,		/* the bundle of all TCP listeners */
	PROXY_LISTENER,		/* a UDP listener */
	PROXY_STREAM_END,
	PROXY_FLOW,
};

/**
 * struct listener - A published port
 * @offer:	Of which it is one
 * @port:	On the host; @to: of the container
 */
struct listener {
	struct daemon_watch watch;
	struct offer *offer;
	uint16_t port, to;
};

/** struct offer - A published range, with its sockets open */
struct offer {
	const struct plan_published *said;
	struct listener *listeners;
	size_t count;
	struct offer *next;
};

/**
 * struct passed - When something was last passed on to the container, and
 *		   whether it has spoken since
 */
struct passed {
	uint64_t ns;
	bool answered;
};

/**
 * struct proxy - All of it
 * @accepts:	An epoll of its own for the TCP listeners, so that accepting
 *		can be suspended with one call, however many they are
 * @full:	Accepting is suspended: there is no room for a connection
 * @oldest, @youngest: Flows in the order of their end
 */
struct proxy {
	struct offer *offers;
	struct daemon_watch accepts;
	bool full;
	struct stream *streams;
	size_t stream_count;
	struct flow *chains[FLOW_CHAINS];
	struct flow *oldest, *youngest;
	size_t flow_count;
	uint8_t datagram[DATAGRAM_MAX];
};

/* proxy_listen.c */
/* Open the sockets of @said; *@ret_offer is for offer_close() */
int offer_open(struct daemon_loop *loop, const struct plan_published *said,
	       struct offer **ret_offer, struct lc_err *err);
/* With all that goes through them */
void offer_close(struct daemon_loop *loop, struct offer *offer);
/* Whether the limit of open files allows that many listeners */
int offers_fit(size_t listeners, struct lc_err *err);

/* proxy_stream.c */
/* A TCP listener has connections that wait */
void stream_accept(struct daemon_loop *loop);
void stream_ready(struct daemon_loop *loop, struct daemon_watch *watch,
		  uint32_t events);
bool streams_busy(const struct proxy *proxy, uint64_t since_ns);
/* Close those of an offer, of all with NULL */
void streams_close(struct daemon_loop *loop, const struct offer *offer);

/* proxy_flow.c */
/* A UDP listener has a datagram */
void flow_receive(struct daemon_loop *loop, struct listener *listener);
void flow_ready(struct daemon_loop *loop, struct daemon_watch *watch);
bool flows_busy(const struct proxy *proxy, uint64_t since_ns);
/* Make room by ending the one that would end first; false: there is none */
bool flow_evict(struct daemon_loop *loop);
uint64_t flows_wake_ns(const struct proxy *proxy);
void flows_expire(struct daemon_loop *loop, uint64_t now_ns);
void flows_close(struct daemon_loop *loop, const struct offer *offer);

/**
 * backend_open() - A socket of the host, connecting to the container's port
 * @type:	SOCK_STREAM or SOCK_DGRAM
 *
 * Return: the socket, or -errno
 */
int backend_open(struct daemon_loop *loop, const struct listener *listener,
		 int type);

static inline bool passed_busy(const struct passed *passed, uint64_t since_ns)
{
	return !passed->answered && passed->ns >= since_ns;
}

#endif
