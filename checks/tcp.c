// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp.c - a connection, and a word each way
 */
#include "transport.h"

static const struct lc_field tcp_fields[] = {
	TRANSPORT_FIELDS(lc_words_open),
};

static void tcp_verify(const void *params, struct lc_problems *problems)
{
	transport_verify(params, LC_TCP, problems);
}

static void tcp_title(const void *params, FILE *out)
{
	transport_title(params, "tcp", out);
}

static int tcp_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	return transport_declare(params, LC_TCP, context, batch, err);
}

static void tcp_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	transport_judge(params, LC_TCP, context, seen, count, v);
}

const struct lc_check lc_check_tcp = {
	.name = "tcp",
	.summary = "a TCP connection opens and carries a word each way",
	.example = "- tcp: {from: red, to: blue, port: 80, server: {}}\n"
		   "- tcp: {from: lan, to: host, port: 8080, server: {on: red, port: 80},\n"
		   "        seen_from: 192.168.1.3}\n",
	.params_size = sizeof(struct transport),
	.fields = tcp_fields,
	.verify = tcp_verify,
	.negative = transport_negative,
	.title = tcp_title,
	.declare = tcp_declare,
	.judge = tcp_judge,
};
