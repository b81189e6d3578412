// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resolver_forward.c - questions that are for others to answer
 *
 * They go out from the container's own namespace, from its own address, as if
 * it had asked by itself; but to a loopback address from the host's, for it is
 * the host's.  One name server is asked after the other: the next one when one
 * is silent for four seconds, can't be reached, refuses, or says that there is no
 * such name without being the authority on it.  When none is left, what the last
 * one said is passed back; if that was nothing, nobody is answered, whatever
 * those before it had said.  All of that is as Docker has it.
 *
 * By whichever protocol a question came it is passed on, and the answer is
 * passed back as it is.
 *
 * ICMP errors are asked for (IP_RECVERR): Docker waits out its four seconds, and
 * then says no more than what is known at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "daemon/resolver.h"
#include "scenario/address.h"

enum {
	LENGTH_SIZE	= 2,
	ASKED_MAX	= 3,	/* name servers */
	QUESTIONS_MAX	= 1024,
};

static const uint64_t patience_ns = 4000 * 1000000ull;

static struct daemon_loop *loop_of(const struct question *q)
{
	return q->server->resolver->loop;
}

static const struct plan_names *names_of(const struct question *q)
{
	return loop_of(q)->lab->plan->nodes[q->server->node].files;
}

/* The host that carries the first network of a container */
static struct lc_node *host_of(const struct question *q)
{
	struct lc_lab *lab = loop_of(q)->lab;
	const struct plan *plan = lab->plan;

	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (plan->endpoints[i].node == q->server->node &&
		    plan->endpoints[i].host != NO_NODE)
			return &lab->nodes[plan->endpoints[i].host];
	return NULL;
}

void question_free(struct question *q)
{
	struct question **at = &q->server->resolver->questions;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	daemon_unwatch(loop_of(q), &q->watch);
	free(q->query);
	free(q->answer);
	free(q->bytes);
	free(q);
}

/* Nobody is left to ask */
static void give_up(struct question *q)
{
	struct name_client *client = q->client;

	q->client = NULL;
	if (q->answer)
		server_send(q->server, client, &q->from, q->answer,
			    q->answer_length);
	else if (client)
		client_free(client);
	question_free(q);
}

static int question_connect(struct question *q, const struct lc_ip *ip)
{
	struct lc_lab *lab = loop_of(q)->lab;
	struct lc_node *from = ip_is_loopback(ip) ?
				       host_of(q) :
				       &lab->nodes[q->server->node];
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr = ip->v4,
				  .sin_port = htons(DNS_PORT) };
	int one = 1;

	if (!from)
		return -ENONET;
	q->watch.fd = node_socket(from, AF_INET,
				  q->client ? SOCK_STREAM : SOCK_DGRAM, 0,
				  NULL);
	if (q->watch.fd < 0)
		return q->watch.fd;
	setsockopt(q->watch.fd, SOL_IP, IP_RECVERR, &one, sizeof(one));
	if (connect(q->watch.fd, (void *)&sa, sizeof(sa)) &&
	    errno != EINPROGRESS)
		return -errno;
	q->length = q->written = 0;
	q->until_ns = clock_ns() + patience_ns;
	return 0;
}

/* By UDP at once, by TCP as soon as it is connected */
static int question_send(struct question *q)
{
	if (!q->client &&
	    send(q->watch.fd, q->query, q->query_length,
		 MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return daemon_watch(loop_of(q), &q->watch,
			    q->client ? EPOLLIN | EPOLLOUT : EPOLLIN, NULL);
}

/* Ask the next one that can be asked, from q->upstream on */
static void question_ask(struct question *q)
{
	const struct plan_names *names = names_of(q);

	for (; q->upstream < names->server_count && q->upstream < ASKED_MAX;
	     q->upstream++) {
		const struct lc_ip *ip = &names->servers[q->upstream];

		if (ip->family == AF_INET && !question_connect(q, ip) &&
		    !question_send(q))
			return;
		daemon_unwatch(loop_of(q), &q->watch);
	}
	give_up(q);
}

static void question_next(struct question *q)
{
	daemon_unwatch(loop_of(q), &q->watch);
	q->upstream++;
	question_ask(q);
}

/* It was asked, and says nothing */
static void is_silent(struct question *q)
{
	free(q->answer);
	q->answer = NULL;
	question_next(q);
}

void question_expire(struct question *q)
{
	is_silent(q);
}

static size_t count(const struct resolver *resolver)
{
	size_t n = 0;

	for (const struct question *q = resolver->questions; q; q = q->next)
		n++;
	return n;
}

void question_forward(struct name_server *server, struct name_client *client,
		      const struct sockaddr_in *from, const uint8_t *query,
		      size_t length)
{
	struct resolver *resolver = server->resolver;
	struct question *q;

	if (count(resolver) >= QUESTIONS_MAX)
		return;
	q = calloc(1, sizeof(*q));
	if (!q)
		return;
	q->watch = (struct daemon_watch){ &resolver_part, RESOLVER_QUESTION,
					  -1 };
	q->server = server;
	q->client = client;
	if (from)
		q->from = *from;
	q->query = malloc(length);
	q->bytes = malloc(LENGTH_SIZE + DNS_MESSAGE_MAX);
	q->asked_ns = clock_ns();
	q->next = resolver->questions;
	resolver->questions = q;
	if (!q->query || !q->bytes) {
		question_free(q);
		return;
	}
	memcpy(q->query, query, length);
	q->query_length = length;
	question_ask(q);
}

/* RFC 1035, 4.1.1: AA and RCODE; that a name which is not there has nothing below
 * it either is for authorities to say, RFC 8020 */
static bool is_last_word(const uint8_t *bytes)
{
	uint8_t code = bytes[3] & 0xf;
	bool authority = bytes[2] & 0x04;

	return code == DNS_NOERROR || (code == DNS_NXDOMAIN && authority);
}

static void answered(struct question *q, const uint8_t *bytes, size_t length)
{
	struct name_client *client = q->client;

	/* Of 12 bytes is a head; the id is what the two have in common */
	if (length < 12 || q->query_length < 2 || memcmp(bytes, q->query, 2))
		return;
	if (!is_last_word(bytes)) {
		free(q->answer);
		q->answer = malloc(length);
		if (q->answer)
			memcpy(q->answer, bytes, length);
		q->answer_length = q->answer ? length : 0;
		question_next(q);
		return;
	}
	q->client = NULL;
	server_send(q->server, client, &q->from, bytes, length);
	question_free(q);
}

static void hear_datagram(struct question *q)
{
	ssize_t n = recv(q->watch.fd, q->bytes, DNS_MESSAGE_MAX, MSG_DONTWAIT);

	if (n >= 0)
		answered(q, q->bytes, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		is_silent(q);
}

static int write_some(struct question *q)
{
	uint8_t head[LENGTH_SIZE] = { (uint8_t)(q->query_length >> 8),
				      (uint8_t)q->query_length };
	struct iovec io[] = {
		{ head, sizeof(head) }, { q->query, q->query_length },
	};
	const struct msghdr msg = { .msg_iov = io, .msg_iovlen = 2 };
	ssize_t n;

	for (size_t i = 0, skip = q->written; i < 2; i++) {
		size_t part = skip < io[i].iov_len ? skip : io[i].iov_len;

		io[i].iov_base = (char *)io[i].iov_base + part;
		io[i].iov_len -= part;
		skip -= part;
	}
	n = sendmsg(q->watch.fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	q->written += (size_t)n;
	if (q->written < LENGTH_SIZE + q->query_length)
		return 0;
	return daemon_watch(loop_of(q), &q->watch, EPOLLIN, NULL);
}

static void hear_stream(struct question *q)
{
	size_t wanted = LENGTH_SIZE;
	ssize_t n;

	if (q->length >= LENGTH_SIZE)
		wanted += (size_t)q->bytes[0] << 8 | q->bytes[1];
	n = recv(q->watch.fd, q->bytes + q->length, wanted - q->length,
		 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		is_silent(q);
		return;
	}
	q->length += (size_t)n;
	if (q->length > LENGTH_SIZE && q->length == wanted)
		answered(q, q->bytes + LENGTH_SIZE, wanted - LENGTH_SIZE);
}

void question_ready(struct question *q, uint32_t events)
{
	if (!q->client) {
		hear_datagram(q);
	} else if (q->written < LENGTH_SIZE + q->query_length) {
		if ((events & EPOLLERR) || write_some(q))
			question_next(q);
	} else {
		hear_stream(q);
	}
}
