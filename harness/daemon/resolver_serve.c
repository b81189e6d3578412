// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resolver_serve.c - questions to the embedded name server, and its answers
 *
 * Over UDP one datagram is one question.  Over TCP each message has its length
 * in front, and they may come in pieces and one behind the other: a client is
 * not read again before its question is answered.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "daemon/names.h"
#include "daemon/resolver.h"

enum { LENGTH_SIZE = 2 };

/* By itself, or by who knows better.  What is no question is left unanswered */
static void ask(struct name_server *s, struct name_client *client,
		const struct sockaddr_in *from, const uint8_t *query,
		size_t length)
{
	static uint8_t bytes[DNS_MESSAGE_MAX];
	const struct plan *plan = s->resolver->loop->lab->plan;
	struct dns_question question;
	struct dns_reply reply = { 0 };
	ssize_t n;
	int known;

	if (dns_question_read(query, length, &question))
		return;
	known = names_answer(plan, s->node, &question, s->resolver->turn,
			     &reply);
	if (!known)
		question_forward(s, client, from, query, length);
	if (known != 1)
		return;
	if (reply.count > 1)
		s->resolver->turn++;
	n = dns_reply_write(query, length, &reply, bytes,
			    client ? sizeof(bytes) : question.size);
	if (n > 0)
		server_send(s, client, from, bytes, (size_t)n);
	free(reply.records);
}

void server_hear(struct name_server *s)
{
	static uint8_t bytes[DNS_MESSAGE_MAX];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(s->udp.fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			     (void *)&from, &size);

	if (n > 0)
		ask(s, NULL, &from, bytes, (size_t)n);
}

static void client_send(struct name_client *c, const uint8_t *bytes,
			size_t length)
{
	uint8_t head[LENGTH_SIZE] = { (uint8_t)(length >> 8),
				      (uint8_t)length };
	struct iovec io[] = {
		{ head, sizeof(head) }, { (void *)bytes, length },
	};
	const struct msghdr msg = { .msg_iov = io, .msg_iovlen = 2 };

	c->asks = false;
	/* A buffer is empty, or the client reads nothing of what it asks for */
	if (sendmsg(c->watch.fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) !=
		    (ssize_t)(length + LENGTH_SIZE) ||
	    daemon_watch(c->server->resolver->loop, &c->watch, EPOLLIN, NULL))
		client_free(c);
}

void server_send(struct name_server *s, struct name_client *client,
		 const struct sockaddr_in *to, const uint8_t *bytes,
		 size_t length)
{
	if (client)
		client_send(client, bytes, length);
	else
		sendto(s->udp.fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT,
		       (const void *)to, sizeof(*to));
}

void client_free(struct name_client *c)
{
	struct resolver *resolver = c->server->resolver;
	struct name_client **at = &resolver->clients;
	struct question *q, *next;

	for (q = resolver->questions; q; q = next) {
		next = q->next;
		if (q->client == c)
			question_free(q);
	}
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	daemon_unwatch(resolver->loop, &c->watch);
	free(c->bytes);
	free(c);
}

void server_accept(struct name_server *s)
{
	struct resolver *resolver = s->resolver;
	struct name_client *c = calloc(1, sizeof(*c));

	if (!c)
		return;
	c->watch = (struct daemon_watch){
		&resolver_part, RESOLVER_CLIENT,
		accept4(s->listener.fd, NULL, NULL,
			SOCK_CLOEXEC | SOCK_NONBLOCK),
	};
	c->server = s;
	c->bytes = malloc(LENGTH_SIZE + DNS_MESSAGE_MAX);
	c->next = resolver->clients;
	resolver->clients = c;
	if (c->watch.fd < 0 || !c->bytes ||
	    daemon_watch(resolver->loop, &c->watch, EPOLLIN, NULL))
		client_free(c);
}

/* How long the message is of which some has come */
static size_t wanted(const struct name_client *c)
{
	if (c->length < LENGTH_SIZE)
		return LENGTH_SIZE;
	return LENGTH_SIZE + ((size_t)c->bytes[0] << 8 | c->bytes[1]);
}

void client_ready(struct name_client *c)
{
	ssize_t n;

	/* One that hangs up does not wait for its answer */
	if (c->asks) {
		client_free(c);
		return;
	}
	n = recv(c->watch.fd, c->bytes + c->length, wanted(c) - c->length,
		 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_free(c);
		return;
	}
	c->length += (size_t)n;
	if (c->length <= LENGTH_SIZE || c->length < wanted(c))
		return;
	n = (ssize_t)(c->length - LENGTH_SIZE);
	c->length = 0;
	c->asks = true;
	/* No events but that it is gone, until it has its answer */
	if (daemon_watch(c->server->resolver->loop, &c->watch, 0, NULL))
		client_free(c);
	else
		ask(c->server, c, NULL, c->bytes + LENGTH_SIZE, (size_t)n);
}
