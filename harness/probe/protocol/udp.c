// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udp.c - a datagram and its echo
 *
 * The socket is connected, as that of most programs: answers from another
 * address than the one asked are not taken, and ICMP errors come home.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/err.h>

#include "clock.h"
#include "lab/sockaddr.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/answer.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/probe_socket.h"
#include "probe/protocol/refusal.h"
#include "probe/protocol/udp.h"

static void receive(struct lc_batch *batch, struct probe *p)
{
	uint8_t word[ANSWER_SIZE + 1];
	ssize_t n = recv(p->watch.fd, word, sizeof(word), MSG_DONTWAIT);

	if (n < 0)
		return;
	probe_answered(batch, p, &p->seen->address);
	p->stranger = p->said.serve && !answer_is(p, word, (size_t)n);
	if (p->stranger)
		probe_settle(batch, p, LC_REPLY, "another server answered");
	else
		probe_settle(batch, p, LC_REPLY, "a datagram and its answer");
}

static void udp_ready(struct lc_batch *batch, struct watch *w,
		      unsigned int events)
{
	struct probe *p = w->probe;
	struct queued_error e;

	(void)events;
	while (p->state != PROBE_SETTLED &&
	       error_queue_read(p->watch.fd, p->watch.family, &e))
		probe_error_queued(batch, p, &e);
	if (p->state == PROBE_SENT)
		receive(batch, p);
}

void udp_send(struct lc_batch *batch, struct probe *p)
{
	struct cookie cookie = { probe_nonce(), p->serial };
	struct sockaddr_storage sa;
	uint8_t word[COOKIE_SIZE];
	struct lc_err err;
	socklen_t size;

	if (probe_socket(batch, p, SOCK_DGRAM, udp_ready))
		return;
	size = sockaddr_fill(&sa, &p->seen->address, p->said.port,
			     p->scope);
	p->sent_ns = clock_ns();
	p->state = PROBE_SENT;
	if (connect(p->watch.fd, (void *)&sa, size)) {
		probe_refused_locally(batch, p, "connect", errno);
		return;
	}
	probe_note_port(p);
	if (batch_watch(batch, &p->watch, EPOLLIN, &err)) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
		return;
	}
	cookie_write(&cookie, word);
	if (send(p->watch.fd, word, sizeof(word), MSG_NOSIGNAL) < 0)
		probe_refused_locally(batch, p, "send", errno);
}
