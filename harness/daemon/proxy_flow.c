// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy_flow.c - datagrams through the proxy
 *
 * Who sends a datagram to a published port gets a socket of the host of its
 * own, so that answers can be told apart.  It lives on for 90 s from the last
 * answer, as in Docker's proxy.
 *
 * Answers go out through the listening socket, which is bound to no address:
 * so they leave from whatever address the kernel prefers on the way to the
 * client, and that need not be the one that was asked.  This is Docker's flaw,
 * by which containers of the same host never get an answer at the host's other
 * addresses, and it is kept.
 *
 * Any client could make flows without end.  The one that would end first makes
 * room for a new one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "daemon/proxy.h"

static const uint64_t lifetime_ns = 90000000000ull;

/**
 * struct flow - The datagrams of one client at one port
 * @chain:	The next one of the same hash; @at: what points to this one
 * @older, @younger: In the order of their ends
 */
struct flow {
	struct daemon_watch watch;
	struct listener *listener;
	struct sockaddr_storage client;
	socklen_t client_size;
	struct passed passed;
	uint64_t end_ns;
	struct flow *chain, **at;
	struct flow *older, *younger;
};

static void age_remove(struct proxy *proxy, struct flow *f)
{
	*(f->older ? &f->older->younger : &proxy->oldest) = f->younger;
	*(f->younger ? &f->younger->older : &proxy->youngest) = f->older;
}

static void age_append(struct proxy *proxy, struct flow *f)
{
	f->end_ns = clock_ns() + lifetime_ns;
	f->older = proxy->youngest;
	f->younger = NULL;
	*(f->older ? &f->older->younger : &proxy->oldest) = f;
	proxy->youngest = f;
}

static void flow_free(struct daemon_loop *loop, struct flow *f)
{
	struct proxy *proxy = loop->proxy;

	daemon_unwatch(loop, &f->watch);
	age_remove(proxy, f);
	*f->at = f->chain;
	if (f->chain)
		f->chain->at = f->at;
	free(f);
	proxy->flow_count--;
}

void flows_close(struct daemon_loop *loop, const struct offer *offer)
{
	struct flow *f, *next;

	for (f = loop->proxy->oldest; f; f = next) {
		next = f->younger;
		if (f->listener->offer == offer)
			flow_free(loop, f);
	}
}

bool flow_evict(struct daemon_loop *loop)
{
	struct flow *f = loop->proxy->oldest;

	if (f)
		flow_free(loop, f);
	return f != NULL;
}

bool flows_busy(const struct proxy *proxy, uint64_t since_ns)
{
	for (const struct flow *f = proxy->oldest; f; f = f->younger)
		if (passed_busy(&f->passed, since_ns))
			return true;
	return false;
}

uint64_t flows_wake_ns(const struct proxy *proxy)
{
	return proxy->oldest ? proxy->oldest->end_ns : UINT64_MAX;
}

void flows_expire(struct daemon_loop *loop, uint64_t now_ns)
{
	struct proxy *proxy = loop->proxy;

	while (proxy->oldest && proxy->oldest->end_ns <= now_ns)
		flow_free(loop, proxy->oldest);
}

/* FNV-1a */
static struct flow **chain_of(struct proxy *proxy, const struct listener *l,
			      const struct sockaddr_storage *client,
			      socklen_t size)
{
	const uint8_t *bytes = (const uint8_t *)client;
	uint32_t hash = 2166136261u ^ l->port;

	for (socklen_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return &proxy->chains[hash % FLOW_CHAINS];
}

static struct flow *flow_find(struct flow *f, const struct listener *l,
			      const struct sockaddr_storage *client,
			      socklen_t size)
{
	while (f && (f->listener != l || f->client_size != size ||
		     memcmp(&f->client, client, size)))
		f = f->chain;
	return f;
}

static struct flow *flow_begin(struct daemon_loop *loop, struct listener *l,
			       struct flow **chain,
			       const struct sockaddr_storage *client,
			       socklen_t size)
{
	struct proxy *proxy = loop->proxy;
	struct flow *f;
	int fd;

	if (proxy->flow_count == FLOWS_MAX)
		flow_evict(loop);
	fd = backend_open(loop, l, SOCK_DGRAM);
	f = fd < 0 ? NULL : calloc(1, sizeof(*f));
	if (!f) {
		lc_close(&fd);
		return NULL;
	}
	f->watch = (struct daemon_watch){
		.part = &proxy_part, .kind = PROXY_FLOW, .fd = fd,
	};
	f->listener = l;
	f->client = *client;
	f->client_size = size;
	f->passed.answered = true;
	f->chain = *chain;
	f->at = chain;
	if (f->chain)
		f->chain->at = &f->chain;
	*chain = f;
	age_append(proxy, f);
	proxy->flow_count++;
	if (!daemon_watch(loop, &f->watch, EPOLLIN, NULL))
		return f;
	flow_free(loop, f);
	return NULL;
}

void flow_receive(struct daemon_loop *loop, struct listener *l)
{
	struct proxy *proxy = loop->proxy;
	struct sockaddr_storage client = { 0 };
	socklen_t size = sizeof(client);
	struct flow **chain, *f;
	ssize_t n = recvfrom(l->watch.fd, proxy->datagram,
			     sizeof(proxy->datagram), 0, (void *)&client,
			     &size);

	if (n < 0)
		return;
	chain = chain_of(proxy, l, &client, size);
	f = flow_find(*chain, l, &client, size);
	if (!f)
		f = flow_begin(loop, l, chain, &client, size);
	if (!f)
		return;
	f->passed = (struct passed){ .ns = clock_ns() };
	/* An error that was still to be told is told instead of sending */
	if (send(f->watch.fd, proxy->datagram, (size_t)n, 0) < 0 &&
	    send(f->watch.fd, proxy->datagram, (size_t)n, 0) < 0)
		f->passed.answered = true;
}

/* Nobody listens in the container, says an error, and the client never hears
 * of it; any other error is the end of the flow */
void flow_ready(struct daemon_loop *loop, struct daemon_watch *watch)
{
	struct flow *f = (struct flow *)watch;
	struct proxy *proxy = loop->proxy;
	ssize_t n = recv(f->watch.fd, proxy->datagram,
			 sizeof(proxy->datagram), 0);

	if (n < 0 && errno == EAGAIN)
		return;
	f->passed.answered = true;
	if (n < 0 && errno != ECONNREFUSED) {
		flow_free(loop, f);
		return;
	}
	if (n < 0)
		return;
	sendto(f->listener->watch.fd, proxy->datagram, (size_t)n, 0,
	       (void *)&f->client, f->client_size);
	age_remove(proxy, f);
	age_append(proxy, f);
}
