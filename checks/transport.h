/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transport.h - what the checks `tcp` and `udp` have in common: all but the
 * protocol and the word for success
 */
#ifndef CHECKS_TRANSPORT_H
#define CHECKS_TRANSPORT_H

#include <labcheck/check.h>

struct transport_server {
	struct lc_at at;
	struct lc_value on, port;
};

struct transport {
	struct lc_at at;
	struct lc_value from, to, port, seen_from, source, expect;
	struct lc_list ports;
	struct transport_server *server;
};

extern const struct lc_field transport_server_fields[];

/* The keys of both; @words names the outcomes */
#define TRANSPORT_FIELDS(words)						\
	LC_SCALAR("from", LC_NODE, struct transport, from, LC_REQUIRED,	\
		  "who sends"),						\
	LC_SCALAR("to", LC_TARGET, struct transport, to, LC_REQUIRED,	\
		  "whom: an address, a node, node:interface"),		\
	LC_SCALAR("port", LC_PORT, struct transport, port, 0,		\
		  "the port asked for"),				\
	LC_LIST_OF("ports", LC_PORTS, struct transport, ports, 0,	\
		   "several: [22, 80, 8000-8010]"),			\
	LC_MAPPING_OF("server", transport_server_fields,		\
		      struct transport, server, 0,			\
		      "labcheck serves there while it checks"),		\
	LC_SCALAR("seen_from", LC_ADDRESS, struct transport, seen_from,	\
		  0, "the address from which the target sees it come"),	\
	LC_SCALAR("source", LC_ADDRESS, struct transport, source, 0,	\
		  "the address to send from"),				\
	LC_CHOICE_OF("expect", words, struct transport, expect,		\
		     "how it ends"),					\
	LC_FIELD_END

void transport_verify(const struct transport *t, enum lc_protocol protocol,
		      struct lc_problems *problems);
bool transport_negative(const void *params);
void transport_title(const struct transport *t, const char *verb, FILE *out);
int transport_declare(const struct transport *t, enum lc_protocol protocol,
		      const struct lc_context *context,
		      struct lc_batch *batch, struct lc_err *err);
void transport_judge(const struct transport *t, enum lc_protocol protocol,
		     const struct lc_context *context,
		     const struct lc_seen *seen, size_t count,
		     struct lc_verdict *v);

#endif
