// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp.c - a connection, and a word each way
 *
 * What a failed connect means is not in errno alone: a reset and an ICMP
 * port-unreachable both read ECONNREFUSED, a router's error to a SYN is not
 * fatal before the first retransmit, and once the error queue is drained a
 * failed connect polls as writable with SO_ERROR 0.  So the error queue is
 * read first, and "connected" is what TCP_INFO calls established.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "probe/batch.h"
#include "scenario/address.h"

int probe_socket(struct lc_batch *batch, struct probe *p, int type)
{
	int family = p->seen.address.family, one = 1;
	struct sockaddr_storage sa;
	struct lc_err err;
	socklen_t size;
	int fd = node_socket(p->from, family, type, 0, &err);

	if (fd < 0) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
		return fd;
	}
	if (family == AF_INET)
		setsockopt(fd, SOL_IP, IP_RECVERR, &one, sizeof(one));
	else
		setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &one, sizeof(one));
	p->watch = (struct watch){
		.kind = type == SOCK_STREAM ? WATCH_TCP : WATCH_UDP,
		.fd = fd, .family = family, .node = p->from, .probe = p,
	};
	if (!p->said.source)
		return 0;
	size = sockaddr_fill(&sa, &p->said.source->ip, 0, p->scope);
	if (!bind(fd, (void *)&sa, size))
		return 0;
	probe_settle(batch, p, LC_OUTCOME_ERROR,
		     "%s can't send from %s: %s", lc_node_name(p->from),
		     p->said.source->text, strerror(errno));
	return -EINVAL;
}

static void note_local_port(struct probe *p)
{
	struct sockaddr_storage sa;
	socklen_t size = sizeof(sa);
	struct lc_ip ip;

	if (!getsockname(p->watch.fd, (void *)&sa, &size))
		sockaddr_read(&sa, &ip, &p->local_port);
}

void tcp_send(struct lc_batch *batch, struct probe *p)
{
	struct sockaddr_storage sa;
	struct lc_err err;
	socklen_t size;
	int error = 0;

	if (probe_socket(batch, p, SOCK_STREAM))
		return;
	size = sockaddr_fill(&sa, &p->seen.address, p->said.port,
			     p->scope);
	p->sent_ns = clock_ns();
	p->state = PROBE_CONNECTING;
	if (connect(p->watch.fd, (void *)&sa, size) && errno != EINPROGRESS)
		error = errno;
	note_local_port(p);
	/* An immediate reset is judged with the rest, after the error queue */
	if (error && error != ECONNREFUSED) {
		probe_refused_locally(batch, p, "connect", error);
		return;
	}
	if (batch_watch(batch, &p->watch, EPOLLIN | EPOLLOUT | EPOLLRDHUP,
			&err))
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
	else if (error)
		probe_settle(batch, p, LC_REFUSED, "a TCP reset");
}

static bool established(int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);

	return !getsockopt(fd, SOL_TCP, TCP_INFO, &info, &size) &&
	       (info.tcpi_state == TCP_ESTABLISHED ||
		info.tcpi_state == TCP_CLOSE_WAIT);
}

/* Than that the handshake is answered */
static bool asks_more(const struct probe *p)
{
	return p->said.serve || p->said.closes;
}

static void connected(struct lc_batch *batch, struct probe *p);

static void failed(struct lc_batch *batch, struct probe *p, int error)
{
	if (p->observed && !p->left)
		tap_ready(batch, &p->from->probe->tap);
	/* The reset of the own firewall: nothing has left for it to answer */
	if (error == ECONNREFUSED && p->observed && !p->left &&
	    !probe_is_local(p))
		probe_settle(batch, p, LC_BLOCKED,
			     "%s's own firewall reset it: no SYN has left",
			     lc_node_name(p->from));
	else if (error == ECONNREFUSED)
		probe_settle(batch, p, LC_REFUSED, "a TCP reset");
	else if (p->state == PROBE_CONNECTING && !asks_more(p) &&
		 (error == ECONNRESET || error == EPIPE))
		/* Whether the reset came before or after we looked is chance */
		connected(batch, p);
	else if (error == ECONNRESET || error == EPIPE)
		/* A close is a reset if something was still unread: by chance */
		probe_settle(batch, p, LC_CLOSED,
			     "the handshake was answered, and the connection ended without a word");
	else
		probe_settle(batch, p, LC_OUTCOME_ERROR, "connect: %s",
			     strerror(error));
}

static void connected(struct lc_batch *batch, struct probe *p)
{
	struct cookie cookie = { probe_nonce(), p->serial };
	uint8_t word[COOKIE_SIZE];

	probe_answered(batch, p, &p->seen.address);
	if (!asks_more(p)) {
		probe_settle(batch, p, LC_REPLY, "the handshake was answered");
		return;
	}
	p->state = PROBE_SENT;
	batch_rewatch(batch, &p->watch, EPOLLIN | EPOLLRDHUP);
	if (!p->said.serve)
		return;
	cookie_write(&cookie, word);
	if (send(p->watch.fd, word, sizeof(word), MSG_NOSIGNAL) < 0)
		failed(batch, p, errno);
}

static void receive(struct lc_batch *batch, struct probe *p)
{
	uint8_t word[COOKIE_SIZE];
	struct cookie cookie;
	ssize_t n = recv(p->watch.fd, word, sizeof(word), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0)
		failed(batch, p, errno);
	else if (cookie_read(word, (size_t)n, &cookie) &&
		 cookie.serial == p->serial && cookie.nonce == probe_nonce())
		probe_settle(batch, p, LC_REPLY, "a word each way");
	else if (n == 0)
		probe_settle(batch, p, LC_CLOSED,
			     "the handshake was answered, and the connection ended without a word");
	else
		/* Open it is; but at_target stays false: somebody else */
		probe_settle(batch, p, LC_REPLY,
			     "the handshake was answered, but another server spoke");
}

void tcp_ready(struct lc_batch *batch, struct probe *p)
{
	struct queued_error e;
	socklen_t size = sizeof(int);
	int error = 0;

	while (p->state != PROBE_SETTLED &&
	       error_queue_read(p->watch.fd, p->watch.family, &e))
		probe_error_queued(batch, p, &e);
	if (p->state == PROBE_CONNECTING) {
		getsockopt(p->watch.fd, SOL_SOCKET, SO_ERROR, &error, &size);
		if (error)
			failed(batch, p, error);
		else if (established(p->watch.fd))
			connected(batch, p);
	}
	if (p->state == PROBE_SENT)
		receive(batch, p);
}
