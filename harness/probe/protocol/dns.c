// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dns.c - a question to a name server, and what it says
 *
 * As the resolver of a program asks it: one datagram, and where the answer did
 * not fit into one, the same question by TCP.  Only an answer to this very
 * question counts; what else comes to the socket is let pass.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "daemon/message.h"
#include "lab/name_servers.h"
#include "lab/sockaddr.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/protocol/dns.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/probe_socket.h"
#include "probe/protocol/refusal.h"
#include "scenario/address.h"
#include "scenario/value.h"

enum { LENGTH_SIZE = 2, DNS_HEADER_SIZE = 12 };

/**
 * struct exchange - A question and its answer
 * @server:	Of those in resolv.conf: the one that is asked
 * @stream:	By TCP; @written and @got: of what that takes, @bytes: what came
 */
struct exchange {
	uint8_t query[LENGTH_SIZE + DNS_UDP_SIZE];
	size_t length;
	size_t server;
	bool stream;
	size_t written, got;
	uint8_t bytes[LENGTH_SIZE + DNS_MESSAGE_MAX];
	struct dns_answer answer;
	struct lc_record *records;
	struct lc_answer seen;
};

void exchange_free(struct exchange *x)
{
	if (!x)
		return;
	dns_answer_done(&x->answer);
	free(x->records);
	free(x);
}

static ssize_t query_make(uint16_t id, const struct lc_probe *said,
			  uint8_t query[DNS_UDP_SIZE])
{
	char reverse[DNS_REVERSE_SIZE];
	const char *name = said->name;
	struct lc_ip ip;

	if (said->type == DNS_PTR && !value_address(name, &ip, NULL))
		name = dns_reverse_name(&ip, reverse);
	return dns_query_write(id, name, said->type, query, DNS_UDP_SIZE);
}

uint32_t dns_name_begins(const struct lc_probe *said)
{
	uint8_t query[DNS_UDP_SIZE] = { 0 };
	const uint8_t *name = query + DNS_HEADER_SIZE;

	query_make(0, said, query);
	return (uint32_t)name[0] << 24 | (uint32_t)name[1] << 16 |
	       (uint32_t)name[2] << 8 | name[3];
}

int dns_prepare(struct probe *p, struct lc_err *err)
{
	struct exchange *x;
	ssize_t n;
	int r = dns_open(err);

	if (r)
		return r;
	x = p->exchange = calloc(1, sizeof(*x));
	if (!x)
		return lc_err_set(err, -ENOMEM, "out of memory");
	if (getrandom(&p->question_id, sizeof(p->question_id), 0) !=
	    sizeof(p->question_id))
		p->question_id = (uint16_t)clock_ns();
	n = query_make(p->question_id, &p->said, x->query + LENGTH_SIZE);
	if (n < 0)
		return lc_err_set(err, -EINVAL, "no question can be made of %s",
				  p->said.name);
	x->length = (size_t)n;
	x->query[0] = (uint8_t)(n >> 8);
	x->query[1] = (uint8_t)n;
	return 0;
}

/* Whether somebody else may know better */
static bool is_last_word(const struct probe *p)
{
	if (p->said.to->kind != LC_TARGET_NONE || !p->exchange ||
	    p->seen->outcome == LC_OUTCOME_ERROR)
		return true;
	return p->seen->outcome == LC_REPLY &&
	       p->seen->said->code != DNS_SERVFAIL &&
	       p->seen->said->code != DNS_NOTIMP &&
	       p->seen->said->code != DNS_REFUSED;
}

bool dns_next_server(struct probe *p)
{
	struct lc_ip servers[NAME_SERVERS];
	size_t count;

	if (p->said.protocol != LC_DNS || is_last_word(p))
		return false;
	count = name_servers(p->from, servers);
	if (++p->exchange->server >= count)
		return false;
	p->seen->address = servers[p->exchange->server];
	p->seen->said = NULL;
	p->resent = false;
	p->state = PROBE_READY;
	return true;
}

static void dns_ready(struct lc_batch *batch, struct watch *w,
		      unsigned int events);

static void connect_to(struct lc_batch *batch, struct probe *p, int type)
{
	struct sockaddr_storage sa;
	struct lc_err err;
	socklen_t size;

	if (probe_socket(batch, p, type, dns_ready))
		return;
	size = sockaddr_fill(&sa, &p->seen->address, p->said.port, p->scope);
	if (connect(p->watch.fd, (void *)&sa, size) && errno != EINPROGRESS) {
		probe_refused_locally(batch, p, "connect", errno);
		return;
	}
	probe_note_port(p);
	if (batch_watch(batch, &p->watch,
			type == SOCK_STREAM ? EPOLLIN | EPOLLOUT : EPOLLIN,
			&err))
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
}

/* What did not fit into a datagram */
static void ask_by_stream(struct lc_batch *batch, struct probe *p)
{
	struct exchange *x = p->exchange;

	lc_close(&p->watch.fd);
	x->stream = true;
	x->written = x->got = 0;
	connect_to(batch, p, SOCK_STREAM);
}

static int records_tell(struct exchange *x)
{
	const struct dns_answer *a = &x->answer;

	free(x->records);
	x->records = calloc(a->count + 1, sizeof(*x->records));
	if (!x->records)
		return -ENOMEM;
	for (size_t i = 0; i < a->count; i++)
		x->records[i] = (struct lc_record){ a->found[i].type,
						    a->found[i].text };
	x->seen = (struct lc_answer){
		.code = a->code,
		.code_name = dns_code_name(a->code) ?: "another code",
		.records = x->records,
		.count = a->count,
	};
	return 0;
}

/* Whether it is an answer to what was asked */
static bool is_answer(const struct probe *p)
{
	const struct exchange *x = p->exchange;
	struct dns_question asked;

	return x->answer.id == p->question_id &&
	       !dns_question_read(x->query + LENGTH_SIZE, x->length, &asked) &&
	       asked.type == x->answer.question.type &&
	       asked.class == x->answer.question.class &&
	       !strcmp(asked.name, x->answer.question.name);
}

static void heard(struct lc_batch *batch, struct probe *p,
		  const uint8_t *bytes, size_t length)
{
	struct exchange *x = p->exchange;
	char text[IP_TEXT_SIZE];

	dns_answer_done(&x->answer);
	if (dns_answer_read(bytes, length, &x->answer) || !is_answer(p)) {
		p->nonsense = true;
		return;
	}
	if (x->answer.truncated && !x->stream) {
		ask_by_stream(batch, p);
		return;
	}
	if (records_tell(x)) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "out of memory");
		return;
	}
	p->seen->said = &x->seen;
	probe_answered(batch, p, &p->seen->address);
	probe_settle(batch, p, LC_REPLY, "%s says %s%s",
		     ip_format(&p->seen->address, text), x->seen.code_name,
		     x->stream ? ", by TCP" : "");
}

static void hear_datagram(struct lc_batch *batch, struct probe *p)
{
	struct exchange *x = p->exchange;
	ssize_t n = recv(p->watch.fd, x->bytes, sizeof(x->bytes),
			 MSG_DONTWAIT);

	if (n >= 0)
		heard(batch, p, x->bytes, (size_t)n);
}

static void stream_ended(struct lc_batch *batch, struct probe *p, int error)
{
	if (error == ECONNREFUSED)
		probe_settle(batch, p, LC_REFUSED,
			     "a datagram was not enough, and TCP was reset");
	else
		probe_settle(batch, p, LC_OUTCOME_ERROR,
			     "a datagram was not enough, and TCP ended: %s",
			     error ? strerror(error) : "without an answer");
}

static void write_stream(struct lc_batch *batch, struct probe *p)
{
	struct exchange *x = p->exchange;
	ssize_t n = send(p->watch.fd, x->query + x->written,
			 LENGTH_SIZE + x->length - x->written,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN)
		stream_ended(batch, p, errno);
	if (n < 0)
		return;
	x->written += (size_t)n;
	if (x->written == LENGTH_SIZE + x->length)
		batch_rewatch(batch, &p->watch, EPOLLIN);
}

static void hear_stream(struct lc_batch *batch, struct probe *p)
{
	struct exchange *x = p->exchange;
	size_t wanted = LENGTH_SIZE;
	ssize_t n;

	if (x->got >= LENGTH_SIZE)
		wanted += (size_t)x->bytes[0] << 8 | x->bytes[1];
	n = recv(p->watch.fd, x->bytes + x->got, wanted - x->got,
		 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		stream_ended(batch, p, n ? errno : 0);
		return;
	}
	x->got += (size_t)n;
	if (x->got > LENGTH_SIZE && x->got == wanted)
		heard(batch, p, x->bytes + LENGTH_SIZE, wanted - LENGTH_SIZE);
}

static void dns_ready(struct lc_batch *batch, struct watch *w,
		      unsigned int events)
{
	struct probe *p = w->probe;
	struct exchange *x = p->exchange;
	struct queued_error e;

	(void)events;
	while (p->state == PROBE_SENT &&
	       error_queue_read(p->watch.fd, p->watch.family, &e))
		probe_error_queued(batch, p, &e);
	if (p->state != PROBE_SENT)
		return;
	if (!x->stream)
		hear_datagram(batch, p);
	else if (x->written < LENGTH_SIZE + x->length)
		write_stream(batch, p);
	else
		hear_stream(batch, p);
}

void dns_send(struct lc_batch *batch, struct probe *p)
{
	struct exchange *x = p->exchange;

	x->stream = false;
	p->sent_ns = clock_ns();
	p->state = PROBE_SENT;
	connect_to(batch, p, SOCK_DGRAM);
	if (p->state == PROBE_SENT &&
	    send(p->watch.fd, x->query + LENGTH_SIZE, x->length,
		 MSG_NOSIGNAL) < 0)
		probe_refused_locally(batch, p, "send", errno);
}
