// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy_listen.c - sockets at published ports
 *
 * A port that is published on all addresses is one socket for IPv4 and IPv6,
 * where Docker has two programs: what answers, and who else can still have the
 * port, is the same.
 *
 * Ten thousand ports are ten thousand sockets.  They take some 3 us each as
 * long as the host's namespace is entered once for all.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "daemon/proxy.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "scenario/address.h"

enum { BACKLOG = 4096 };

int offers_fit(size_t listeners, struct lc_err *err)
{
	const rlim_t needed = listeners + FILES_SPARE;
	struct rlimit limit, higher;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return lc_err_set(err, -errno, "open files: %s",
				  strerror(errno));
	if (limit.rlim_cur >= needed)
		return 0;
	higher = (struct rlimit){ needed, limit.rlim_max };
	if (limit.rlim_max < needed)
		higher.rlim_max = needed;
	if (!setrlimit(RLIMIT_NOFILE, &higher))
		return 0;
	return lc_err_set(err, -EMFILE,
			  "%zu published ports need %llu open files, and the limit is %llu (ulimit -Hn)",
			  listeners, (unsigned long long)needed,
			  (unsigned long long)limit.rlim_max);
}

void offer_close(struct daemon_loop *loop, struct offer *offer)
{
	streams_close(loop, offer);
	flows_close(loop, offer);
	for (size_t i = 0; i < offer->count; i++)
		daemon_unwatch(loop, &offer->listeners[i].watch);
	free(offer->listeners);
	free(offer);
}

/* In the words of Docker's proxy */
static int refused(const struct listener *l, const char *call, int code,
		   struct lc_err *err)
{
	const struct plan_published *said = l->offer->said;
	bool v6 = said->on.family == AF_INET6;
	char text[IP_TEXT_SIZE] = "0.0.0.0";
	char why[128];

	if (said->on.family)
		ip_format(&said->on, text);
	snprintf(why, sizeof(why), "%s", strerror(-code));
	why[0] = (char)tolower((unsigned char)why[0]);
	return lc_err_set(err, code,
			  "%slisten %s%c %s%s%s:%u: %s: %s",
			  said->proxy ? "starting userland proxy: " : "",
			  said->protocol == IPPROTO_TCP ? "tcp" : "udp",
			  v6 ? '6' : '4', v6 ? "[" : "", text, v6 ? "]" : "",
			  l->port, call, why);
}

/* A host without IPv6 has no sockets for both either */
static int open_socket(const struct plan_published *said, int *ret_family)
{
	int type = said->protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int family = said->on.family ?: said->proxy ? AF_INET6 : AF_INET;
	int fd;

	type |= SOCK_CLOEXEC | SOCK_NONBLOCK;
	fd = socket(family, type, 0);
	if (fd < 0 && errno == EAFNOSUPPORT && !said->on.family) {
		family = AF_INET;
		fd = socket(family, type, 0);
	}
	*ret_family = family;
	return fd < 0 ? -errno : fd;
}

/* The host's namespace is the current one */
static int listener_open(struct listener *l, struct lc_err *err)
{
	const struct plan_published *said = l->offer->said;
	const bool tcp = said->protocol == IPPROTO_TCP;
	struct lc_ip on = said->on;
	struct sockaddr_storage sa;
	int one = 1, only = said->on.family == AF_INET6;
	int fd = open_socket(said, &on.family);

	if (fd < 0)
		return refused(l, "socket", fd, err);
	l->watch.fd = fd;
	if (tcp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (on.family == AF_INET6)
		setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (bind(fd, (void *)&sa, sockaddr_fill(&sa, &on, l->port, 0)))
		return refused(l, "bind", -errno, err);
	if (tcp && listen(fd, BACKLOG))
		return refused(l, "listen", -errno, err);
	return 0;
}

static int listener_watch(struct daemon_loop *loop, struct listener *l,
			  struct lc_err *err)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = l };

	/* It is held, and never read */
	if (!l->offer->said->proxy)
		return 0;
	if (l->offer->said->protocol != IPPROTO_TCP)
		return daemon_watch(loop, &l->watch, EPOLLIN, err);
	if (epoll_ctl(loop->proxy->accepts.fd, EPOLL_CTL_ADD, l->watch.fd, &e))
		return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
	return 0;
}

static int listeners_open(struct daemon_loop *loop, struct offer *o,
			  struct lc_err *err)
{
	const struct plan_published *said = o->said;
	struct lc_node *host = &loop->lab->nodes[said->host];
	const unsigned int wide = said->to_last - said->to_first;
	int r = node_enter(host, err);

	for (unsigned int i = 0; i < o->count && !r; i++) {
		struct listener *l = &o->listeners[i];

		l->port = (uint16_t)(said->first + i);
		l->to = (uint16_t)(said->to_first + (i < wide ? i : wide));
		r = listener_open(l, err);
		if (!r)
			r = listener_watch(loop, l, err);
	}
	lab_leave(loop->lab);
	return r;
}

int offer_open(struct daemon_loop *loop, const struct plan_published *said,
	       struct offer **ret_offer, struct lc_err *err)
{
	struct offer *o = calloc(1, sizeof(*o));
	int r;

	if (!o)
		return lc_err_set(err, -ENOMEM, "out of memory");
	o->said = said;
	o->count = said->last - said->first + 1U;
	o->listeners = calloc(o->count, sizeof(*o->listeners));
	if (!o->listeners) {
		free(o);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < o->count; i++)
		o->listeners[i] = (struct listener){
			.watch = { .part = &proxy_part,
				   .kind = PROXY_LISTENER, .fd = -1 },
			.offer = o,
		};
	r = listeners_open(loop, o, err);
	if (r)
		offer_close(loop, o);
	else
		*ret_offer = o;
	return r;
}

static int backend_socket(struct daemon_loop *loop, const struct listener *l,
			  int type)
{
	const struct plan_published *said = l->offer->said;

	return node_socket(&loop->lab->nodes[said->host], said->to.family,
			   type, 0, NULL);
}

int backend_open(struct daemon_loop *loop, const struct listener *l, int type)
{
	struct sockaddr_storage sa;
	socklen_t size = sockaddr_fill(&sa, &l->offer->said->to, l->to, 0);
	lc_auto(lc_close) int fd = backend_socket(loop, l, type);

	if (fd == -EMFILE && flow_evict(loop))
		fd = backend_socket(loop, l, type);
	if (fd < 0)
		return fd;
	if (connect(fd, (void *)&sa, size) && errno != EINPROGRESS)
		return -errno;
	return lc_steal_fd(&fd);
}
