// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transport.c - what the checks `tcp` and `udp` have in common
 *
 * Without a server, an open port says only that somebody shook hands, and an
 * unanswered datagram nothing at all.  With one, labcheck is at both ends: the
 * server must be the one that got the very word that was sent.
 */
#include "transport.h"

const struct lc_field transport_server_fields[] = {
	LC_SCALAR("on", LC_NODE, struct transport_server, on, 0,
		  "the node that serves; the one that `to` names"),
	LC_SCALAR("port", LC_PORT, struct transport_server, port, 0,
		  "its port; the one asked for"),
	LC_FIELD_END
};

static int expected(const struct transport *t)
{
	return lc_given(&t->expect) ? t->expect.choice : LC_REPLY;
}

void transport_verify(const struct transport *t, enum lc_protocol protocol,
		      struct lc_problems *problems)
{
	if (!lc_given(&t->port) && !t->ports.count)
		lc_problem(problems, t->at, "which port? say `port` or `ports`");
	if (lc_given(&t->port) && t->ports.count)
		lc_problem(problems, t->port.at,
			   "`port` and `ports` exclude each other");
	if (t->server && !lc_given(&t->server->on) && t->to.text &&
	    t->to.kind == LC_TARGET_ADDRESS)
		lc_problem(problems, t->server->at,
			   "`to` is an address: say on which node the server runs, with `on`");
	if (t->server && lc_given(&t->server->port) && t->ports.count)
		lc_problem(problems, t->server->port.at,
			   "one server port for several ports: leave it out, or give one `port`");
	if (lc_given(&t->source) && t->to.text &&
	    t->to.kind == LC_TARGET_ADDRESS &&
	    t->source.ip.family != t->to.ip.family)
		lc_problem(problems, t->source.at,
			   "%s can't be the source of a packet to %s",
			   t->source.text, t->to.text);
	if (lc_given(&t->seen_from) && expected(t) != LC_REPLY)
		lc_problem(problems, t->seen_from.at,
			   "`seen_from` goes with an answer, and `expect` says %s",
			   t->expect.text);
	if (lc_given(&t->seen_from) && !t->server && t->to.text &&
	    t->to.kind == LC_TARGET_ADDRESS)
		lc_problem(problems, t->seen_from.at,
			   "seen by whom? `seen_from` needs a server, or a `to` that is a node");
	if (protocol == LC_UDP && !t->server &&
	    (expected(t) == LC_DROP || expected(t) == LC_EXPECT_FAIL))
		lc_problem(problems, t->expect.at,
			   "without a server silence means nothing: add `server: {}`");
	if (!t->server && t->to.text && t->to.kind == LC_TARGET_NODE &&
	    expected(t) == LC_REPLY)
		lc_warning(problems, t->at,
			   "without a server this shows that somebody answers, not that it is %s's program",
			   t->to.text);
}

bool transport_negative(const void *params)
{
	return expected(params) != LC_REPLY;
}

void transport_title(const struct transport *t, const char *verb, FILE *out)
{
	fprintf(out, "%s %s -> %s", verb, t->from.text, t->to.text);
	if (lc_given(&t->port))
		fprintf(out, " port %s", t->port.text);
	for (uint32_t i = 0; i < t->ports.count; i++)
		fprintf(out, "%s%s", i ? "," : " ports ", t->ports.texts[i]);
	if (lc_given(&t->expect))
		fprintf(out, " is %s", t->expect.text);
	if (lc_given(&t->seen_from))
		fprintf(out, " is seen from %s", t->seen_from.text);
}

int transport_declare(const struct transport *t, enum lc_protocol protocol,
		      const struct lc_context *context,
		      struct lc_batch *batch, struct lc_err *err)
{
	const struct transport_server *s = t->server;
	struct lc_probe probe = {
		.protocol = protocol,
		.from = t->from.node,
		.to = &t->to,
		.family = context->family,
		.source = lc_given(&t->source) ? &t->source : NULL,
		.serve = s != NULL,
		.server_on = s && lc_given(&s->on) ? s->on.node : NULL,
		.server_port = s && lc_given(&s->port) ?
				       (uint16_t)s->port.number :
				       0,
		.closes = expected(t) == LC_CLOSED,
		.negative = expected(t) != LC_REPLY || context->arrives >= 0,
	};
	int r = 0;

	if (lc_given(&t->port)) {
		probe.port = (uint16_t)t->port.number;
		return lc_batch_add(batch, &probe, err);
	}
	for (uint32_t i = 0; i < t->ports.count; i++)
		for (uint32_t port = t->ports.items[i].first;
		     !r && port <= t->ports.items[i].last; port++) {
			probe.port = (uint16_t)port;
			r = lc_batch_add(batch, &probe, err);
		}
	return r;
}

static void judge_seen_from(const struct transport *t,
			    const struct lc_seen *seen, struct lc_verdict *v)
{
	char text[LC_IP_TEXT];

	if (!lc_given(&t->seen_from) || v->result != LC_PASS ||
	    lc_ip_equal(&t->seen_from.ip, &seen->seen_from))
		return;
	v->about = seen;
	lc_verdict_expect(v, t->seen_from.text,
			  lc_ip_format(&seen->seen_from, text));
	lc_verdict_fail(v, "the target saw it come from another address");
}

/* The port of the n-th probe, as declared */
static unsigned int port_of(const struct transport *t, size_t n)
{
	for (uint32_t i = 0; i < t->ports.count; i++) {
		const struct lc_value *range = &t->ports.items[i];
		size_t size = (size_t)(range->last - range->first) + 1;

		if (n < size)
			return range->first + (unsigned int)n;
		n -= size;
	}
	return (unsigned int)t->port.number;
}

void transport_judge(const struct transport *t, enum lc_protocol protocol,
		     const struct lc_context *context,
		     const struct lc_seen *seen, size_t count,
		     struct lc_verdict *v)
{
	for (size_t i = 0; i < count && v->result == LC_PASS; i++) {
		lc_judge_outcome(v, protocol, expected(t), &seen[i]);
		if (v->result == LC_PASS)
			lc_judge_arrival(v, context, &seen[i]);
		judge_seen_from(t, &seen[i], v);
		if (v->result != LC_PASS && count > 1)
			lc_verdict_note(v, "port", "%u", port_of(t, i));
	}
}
