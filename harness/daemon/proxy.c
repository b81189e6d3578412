// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy.c - programs that listen at published ports, as Docker's do
 *
 * NAT rules bring most packets for a published port to its container.  For those
 * whom they leave out (the host's loopback, containers of the same host) Docker
 * has a program listen at each port, docker-proxy, which makes a connection of
 * its own.  So the container sees its gateway as the peer, the handshake is
 * answered whether or not anybody listens in the container, and a port is taken
 * on the host for all others.
 *
 * Told to do without the proxy, Docker holds the ports all the same, with sockets
 * (of IPv4 alone) that it never reads: so nobody else gets a port whose packets
 * would never reach him.
 *
 * A program per port would be ten thousand of them for a range; here they are
 * sockets of one process.  In all else they do what docker-proxy does, flaws
 * included: those flaws are what scenarios are about.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "daemon/proxy.h"
#include "lab/lab.h"
#include "scenario/address.h"

static bool needed(const struct plan *plan)
{
	return plan->published_count > 0;
}

static bool same(const struct plan_published *a,
		 const struct plan_published *b)
{
	return a->proxy == b->proxy && a->host == b->host &&
	       a->container == b->container && a->protocol == b->protocol &&
	       a->first == b->first && a->last == b->last &&
	       a->to_first == b->to_first && a->to_last == b->to_last &&
	       ip_equal(&a->on, &b->on) && ip_equal(&a->to, &b->to);
}

static const struct plan_published *find(const struct plan *plan,
					 const struct plan_published *said)
{
	for (size_t i = 0; i < plan->published_count; i++)
		if (same(&plan->published[i], said))
			return &plan->published[i];
	return NULL;
}

static struct offer *find_offer(const struct proxy *proxy,
				const struct plan_published *said)
{
	struct offer *o = proxy->offers;

	while (o && o->said != said)
		o = o->next;
	return o;
}

/* What is no longer offered, first of all: its ports may be another's */
static void withdraw(struct daemon_loop *loop)
{
	struct offer **at = &loop->proxy->offers, *o;

	while ((o = *at)) {
		o->said = find(loop->lab->plan, o->said);
		if (o->said) {
			at = &o->next;
			continue;
		}
		*at = o->next;
		offer_close(loop, o);
	}
}

static size_t width(const struct plan_published *said)
{
	return said->last - said->first + 1U;
}

/* Whether all can be open at the same time; else @at is the widest's */
static int all_fit(const struct plan *plan, struct lc_at *at,
		   struct lc_err *err)
{
	size_t count = 0, widest = 0;
	int r;

	for (size_t i = 0; i < plan->published_count; i++) {
		count += width(&plan->published[i]);
		if (width(&plan->published[i]) > width(&plan->published[widest]))
			widest = i;
	}
	r = offers_fit(count, err);
	if (r)
		*at = plan->published[widest].at;
	return r;
}

static int offer(struct daemon_loop *loop, const struct plan_published *said,
		 struct lc_err *err)
{
	struct proxy *proxy = loop->proxy;
	struct offer *o;
	int r = offer_open(loop, said, &o, err);

	if (r)
		return r;
	o->next = proxy->offers;
	proxy->offers = o;
	return 0;
}

static int offer_all(struct daemon_loop *loop, struct lc_at *at,
		     struct lc_err *err)
{
	const struct plan *plan = loop->lab->plan;
	struct proxy *proxy = loop->proxy;
	int r = all_fit(plan, at, err);

	for (size_t i = 0; i < plan->published_count && !r; i++) {
		const struct plan_published *said = &plan->published[i];

		*at = said->at;
		if (!find_offer(proxy, said))
			r = offer(loop, said, err);
	}
	return r;
}

static int proxy_open(struct daemon_loop *loop, struct lc_at *at,
		      struct lc_err *err)
{
	struct proxy *proxy = loop->proxy = calloc(1, sizeof(*proxy));
	int r;

	if (!proxy)
		return lc_err_set(err, -ENOMEM, "out of memory");
	proxy->accepts = (struct daemon_watch){
		.part = &proxy_part, .kind = PROXY_ACCEPTS,
		.fd = epoll_create1(EPOLL_CLOEXEC),
	};
	if (proxy->accepts.fd < 0)
		return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
	r = daemon_watch(loop, &proxy->accepts, EPOLLIN, err);
	return r ?: offer_all(loop, at, err);
}

static int proxy_advance(struct daemon_loop *loop, const struct plan *before,
			 struct lc_err *err)
{
	struct lc_at at;

	(void)before;
	withdraw(loop);
	return offer_all(loop, &at, err);
}

static void ready(struct daemon_loop *loop, struct daemon_watch *watch,
		  uint32_t events)
{
	switch ((enum proxy_socket)watch->kind) {
	case PROXY_ACCEPTS:
		stream_accept(loop);
		return;
	case PROXY_LISTENER:
		flow_receive(loop, (struct listener *)watch);
		return;
	case PROXY_STREAM_END:
		stream_ready(loop, watch, events);
		return;
	case PROXY_FLOW:
		flow_ready(loop, watch);
		return;
	}
}

static bool busy(const struct daemon_loop *loop, uint64_t since_ns)
{
	const struct proxy *proxy = loop->proxy;

	return proxy && (proxy->full || streams_busy(proxy, since_ns) ||
			 flows_busy(proxy, since_ns));
}

static uint64_t wake_ns(const struct daemon_loop *loop)
{
	return loop->proxy ? flows_wake_ns(loop->proxy) : UINT64_MAX;
}

static void expire(struct daemon_loop *loop, uint64_t now_ns)
{
	if (loop->proxy)
		flows_expire(loop, now_ns);
}

static void proxy_close(struct daemon_loop *loop)
{
	struct proxy *proxy = loop->proxy;
	struct offer *o;

	if (!proxy)
		return;
	while ((o = proxy->offers)) {
		proxy->offers = o->next;
		offer_close(loop, o);
	}
	daemon_unwatch(loop, &proxy->accepts);
	free(proxy);
	loop->proxy = NULL;
}

const struct daemon_part proxy_part = {
	.needed		= needed,
	.open		= proxy_open,
	.advance	= proxy_advance,
	.ready		= ready,
	.busy		= busy,
	.wake_ns	= wake_ns,
	.expire		= expire,
	.close		= proxy_close,
};
