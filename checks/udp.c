// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udp.c - a datagram and its echo
 */
#include "transport.h"

static const struct lc_field udp_fields[] = {
	TRANSPORT_FIELDS(lc_words_reply),
};

static void udp_verify(const void *params, struct lc_problems *problems)
{
	transport_verify(params, LC_UDP, problems);
}

static void udp_title(const void *params, FILE *out)
{
	transport_title(params, "udp", out);
}

static int udp_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	return transport_declare(params, LC_UDP, context, batch, err);
}

static void udp_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	transport_judge(params, LC_UDP, context, seen, count, v);
}

const struct lc_check lc_check_udp = {
	.name = "udp",
	.summary = "a UDP datagram reaches its server and comes back",
	.example = "- udp: {from: red, to: blue, port: 53, server: {}}\n"
		   "- udp: {from: lan, to: host, port: 8080, server: {on: red, port: 80},\n"
		   "        seen_from: 192.168.1.3}\n",
	.params_size = sizeof(struct transport),
	.fields = udp_fields,
	.verify = udp_verify,
	.negative = transport_negative,
	.title = udp_title,
	.declare = udp_declare,
	.judge = udp_judge,
};
