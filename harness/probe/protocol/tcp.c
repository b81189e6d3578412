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
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/err.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/batch/loop.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/answer.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/probe_socket.h"
#include "probe/protocol/refusal.h"
#include "probe/protocol/tcp.h"
#include "probe/wire/tap.h"

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
		tap_read(batch, &p->from->probe->tap);
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

	probe_answered(batch, p, &p->seen->address);
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
	uint8_t word[ANSWER_SIZE];
	ssize_t n = recv(p->watch.fd, word, sizeof(word), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0)
		failed(batch, p, errno);
	else if (answer_is(p, word, (size_t)n))
		probe_settle(batch, p, LC_REPLY, "a word each way");
	else if (n == 0)
		probe_settle(batch, p, LC_CLOSED,
			     "the handshake was answered, and the connection ended without a word");
	else {
		/* Open it is, but not ours */
		p->stranger = p->said.serve;
		probe_settle(batch, p, LC_REPLY,
			     "the handshake was answered, but another server spoke");
	}
}

static void tcp_ready(struct lc_batch *batch, struct watch *w,
		      unsigned int events)
{
	struct probe *p = w->probe;
	struct queued_error e;
	socklen_t size = sizeof(int);
	int error = 0;

	(void)events;
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

void tcp_send(struct lc_batch *batch, struct probe *p)
{
	struct sockaddr_storage sa;
	struct lc_err err;
	socklen_t size;
	int error = 0;

	if (probe_socket(batch, p, SOCK_STREAM, tcp_ready))
		return;
	size = sockaddr_fill(&sa, &p->seen->address, p->said.port,
			     p->scope);
	p->sent_ns = clock_ns();
	p->state = PROBE_CONNECTING;
	if (connect(p->watch.fd, (void *)&sa, size) && errno != EINPROGRESS)
		error = errno;
	probe_note_port(p);
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
