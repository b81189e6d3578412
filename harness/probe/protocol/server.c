// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server.c - labcheck itself, serving at the far end while it probes
 *
 * A probe says its cookie and the server says more than that back (answer.c): so it
 * is known that it was this server which got it, and from which address it saw it
 * come.  A port
 * that something else has taken is an error, never a silent success.
 *
 * Probes of a batch that ask for the same server share it, by whichever name of
 * its namespace.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/answer.h"
#include "probe/protocol/server.h"
#include "scenario/address.h"

struct server {
	struct watch watch;
	struct lc_node *node;
	enum lc_protocol protocol;
	int family;
	uint16_t port;
	struct server *next;
	struct connection *connections;
};

struct connection {
	struct watch watch;
	struct lc_ip peer;
	struct connection *next;
};

static const char *protocol_name(enum lc_protocol protocol)
{
	return protocol == LC_TCP ? "tcp" : "udp";
}

static int server_listen(struct server *s, struct lc_err *err)
{
	struct lc_ip any = { .family = s->family };
	bool v4 = s->family == AF_INET;
	struct sockaddr_storage sa;
	int one = 1;
	int fd = node_socket(s->node, s->family,
			     s->protocol == LC_TCP ? SOCK_STREAM : SOCK_DGRAM,
			     0, err);

	if (fd < 0)
		return fd;
	s->watch.fd = fd;
	if (s->protocol == LC_TCP)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	else
		setsockopt(fd, v4 ? SOL_IP : SOL_IPV6,
			   v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, &one,
			   sizeof(one));
	if (!v4)
		setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, (void *)&sa, sockaddr_fill(&sa, &any, s->port, 0)) ||
	    (s->protocol == LC_TCP && listen(fd, 4096))) {
		int code = -errno;

		return lc_err_set(err, code,
				  "can't serve %s port %u on %s: %s",
				  protocol_name(s->protocol), s->port,
				  lc_node_name(s->node),
				  code == -EADDRINUSE ?
					  "something listens there already" :
					  strerror(-code));
	}
	return 0;
}

static void server_free(struct server *s)
{
	struct connection *c, *next;

	for (c = s->connections; c; c = next) {
		next = c->next;
		lc_close(&c->watch.fd);
		free(c);
	}
	lc_close(&s->watch.fd);
	free(s);
}

void servers_free(struct lc_batch *batch)
{
	struct server *s, *next;

	for (s = batch->servers; s; s = next) {
		next = s->next;
		server_free(s);
	}
	batch->servers = NULL;
}

static int server_find(const struct lc_batch *batch,
		       const struct server *like, struct server **ret_server,
		       struct lc_err *err)
{
	struct server *s;
	bool same;
	int r;

	for (s = batch->servers; s; s = s->next) {
		if (s->protocol != like->protocol || s->port != like->port ||
		    s->family != like->family)
			continue;
		r = lc_node_same_netns(s->node, like->node, &same, err);
		if (r)
			return r;
		if (same)
			break;
	}
	*ret_server = s;
	return 0;
}

/* A word that came to a server: whose probe is it?  Return: how much of @word to
 * say back */
static size_t served(struct lc_batch *batch, struct server *s,
		     uint8_t word[static ANSWER_SIZE], ssize_t n,
		     const struct lc_ip *peer)
{
	struct cookie cookie;
	struct probe *p;

	if (!cookie_read(word, (size_t)n, &cookie) ||
	    cookie.nonce != probe_nonce())
		return (size_t)n;
	p = batch_find(batch, cookie.serial);
	if (!p)
		return (size_t)n;
	if (p->server != s && p->relayed_to != s) {
		p->interfered = true;
		return (size_t)n;
	}
	p->served = true;
	p->seen->at_target = true;
	p->seen->seen_from = *peer;
	answer_write(p, word);
	return ANSWER_SIZE;
}

static void connection_ready(struct lc_batch *batch, struct watch *w,
			     unsigned int events)
{
	struct connection *c = (struct connection *)
		((char *)w - offsetof(struct connection, watch));
	uint8_t word[ANSWER_SIZE];
	ssize_t n = recv(w->fd, word, COOKIE_SIZE, MSG_DONTWAIT);
	size_t size;

	(void)events;
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		lc_close(&w->fd);
		return;
	}
	size = served(batch, w->server, word, n, &c->peer);
	/* Said back to whoever came: that it can talk is part of the truth */
	send(w->fd, word, size, MSG_NOSIGNAL);
}

static void accept_all(struct lc_batch *batch, struct server *s)
{
	struct sockaddr_storage sa;
	struct connection *c;
	socklen_t size = sizeof(sa);
	uint16_t port;
	int fd;

	while ((fd = accept4(s->watch.fd, (void *)&sa, &size,
			     SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		size = sizeof(sa);
		c = calloc(1, sizeof(*c));
		if (!c) {
			close(fd);
			return;
		}
		sockaddr_read(&sa, &c->peer, &port);
		c->watch = (struct watch){ .ready = connection_ready, .fd = fd,
					   .family = s->family,
					   .node = s->node, .server = s };
		c->next = s->connections;
		s->connections = c;
		if (batch_watch(batch, &c->watch, EPOLLIN, NULL))
			lc_close(&c->watch.fd);
	}
}

/* The answer leaves from the address that was asked: a server with several
 * addresses would else answer from another one, and be ignored */
static void echo_datagrams(struct lc_batch *batch, struct server *s)
{
	uint8_t word[ANSWER_SIZE];
	_Alignas(struct cmsghdr) char control[128];
	struct sockaddr_storage sa;
	struct iovec io = { word, sizeof(word) };
	struct msghdr msg;
	struct lc_ip peer;
	uint16_t port;
	ssize_t n;

	for (;;) {
		struct cmsghdr *c;

		io.iov_len = COOKIE_SIZE;
		msg = (struct msghdr){
			.msg_name = &sa, .msg_namelen = sizeof(sa),
			.msg_iov = &io, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		n = recvmsg(s->watch.fd, &msg, MSG_DONTWAIT);
		if (n < 0)
			return;
		sockaddr_read(&sa, &peer, &port);
		io.iov_len = served(batch, s, word, n, &peer);
		c = CMSG_FIRSTHDR(&msg);
		if (c && c->cmsg_level == SOL_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo *info = (void *)CMSG_DATA(c);

			info->ipi_spec_dst = info->ipi_addr;
			info->ipi_ifindex = 0;
		}
		if (c && c->cmsg_level == SOL_IPV6 &&
		    c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo *info = (void *)CMSG_DATA(c);

			if (!ip_is_link_local(&peer))
				info->ipi6_ifindex = 0;
		}
		sendmsg(s->watch.fd, &msg, MSG_NOSIGNAL);
	}
}

static void server_ready(struct lc_batch *batch, struct watch *w,
			 unsigned int events)
{
	struct server *s = w->server;

	(void)events;
	if (s->protocol == LC_TCP)
		accept_all(batch, s);
	else
		echo_datagrams(batch, s);
}

/* The server that there is already, or a new one */
static int server_get(struct lc_batch *batch, const struct server *like,
		      struct server **ret_server, struct lc_err *err)
{
	struct server *s;
	int r = server_find(batch, like, ret_server, err);

	if (r || *ret_server)
		return r;
	s = malloc(sizeof(*s));
	if (!s)
		return lc_err_set(err, -ENOMEM, "out of memory");
	*s = *like;
	s->watch = (struct watch){ .ready = server_ready, .fd = -1,
				   .family = s->family, .node = s->node,
				   .server = s };
	r = server_listen(s, err);
	if (!r)
		r = batch_watch(batch, &s->watch, EPOLLIN, err);
	if (r) {
		server_free(s);
		return r;
	}
	s->next = batch->servers;
	batch->servers = s;
	*ret_server = s;
	return 0;
}

/* A container engine's proxy takes IPv6, and talks IPv4 to the container */
static bool may_change_family(const struct probe *p)
{
	const struct lc_ip *to = &p->seen->address;

	if (to->family != AF_INET6)
		return false;
	return ip_is_loopback(to) ? p->target != p->from :
				    !node_has_address(p->target, to);
}

int server_prepare(struct lc_batch *batch, struct probe *p,
		   struct lc_err *err)
{
	struct lc_node *node = p->target;
	struct server like;
	int r;

	if (p->said.server_on) {
		node = lc_lab_node(batch->lab, p->said.server_on, err);
		if (!node)
			return -ENOENT;
	}
	if (!node)
		return lc_err_set(err, -EINVAL,
				  "a server needs a node to run on: say `on`");
	like = (struct server){
		.node = node,
		.protocol = p->said.protocol,
		.family = p->seen->address.family,
		.port = p->said.server_port ?: p->said.port,
	};
	p->relayed_to = NULL;
	r = server_get(batch, &like, &p->server, err);
	/* Where another program has that port, who comes by a proxy finds it */
	like.family = AF_INET;
	if (!r && may_change_family(p) &&
	    server_get(batch, &like, &p->relayed_to, NULL))
		p->relayed_to = NULL;
	return r;
}
