// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nat.c - what the far end sees of a packet on its wire
 *
 * That an answer came says nothing about NAT: with a route back it comes
 * without, too.  So both ends' wires are read, the request's side and the
 * answer's apart: how it left its sender, how it came in at its target, whether
 * the address that should be hidden was seen there after all, and whether what
 * the target said found its way home.
 */
#include <string.h>

#include "transport.h"

struct nat {
	struct lc_at at;
	struct lc_value from, to, proto, port, source, destination,
			source_port, destination_port, answered_by, expect;
	struct transport_server *server;
};

static const char *const nat_protocols[] = {
	[LC_ICMP] = "icmp", [LC_TCP] = "tcp", [LC_UDP] = "udp", NULL,
};

enum { PORT_KEPT, PORT_CHANGED };
static const char *const port_words[] = {
	[PORT_KEPT] = "kept", [PORT_CHANGED] = "changed", NULL,
};

static const struct lc_field nat_fields[] = {
	LC_SCALAR("from", LC_NODE, struct nat, from, LC_REQUIRED, "who sends"),
	LC_SCALAR("to", LC_TARGET, struct nat, to, LC_REQUIRED,
		  "whom: an address, a node, node:interface"),
	LC_CHOICE_OF("proto", nat_protocols, struct nat, proto,
		     "default: icmp"),
	LC_SCALAR("port", LC_PORT, struct nat, port, 0,
		  "tcp, udp: the port asked for"),
	LC_MAPPING_OF("server", transport_server_fields, struct nat, server, 0,
		      "tcp, udp: where labcheck serves; default: on `to`, at "
		      "`port`"),
	LC_SCALAR("answered_by", LC_NODE, struct nat, answered_by, 0,
		  "icmp: the node that must get it, for a `to` that is an "
		  "address"),
	LC_SCALAR("source", LC_ADDRESS_OR_UNCHANGED, struct nat, source, 0,
		  "where it comes from, as the target sees it"),
	LC_SCALAR("destination", LC_ADDRESS_OR_UNCHANGED, struct nat,
		  destination, 0, "whom it is for, as the target sees it"),
	LC_CHOICE_OF("source_port", port_words, struct nat, source_port,
		     "whether its port, or ICMP identifier, stays as it was"),
	LC_SCALAR("destination_port", LC_PORT, struct nat, destination_port, 0,
		  "tcp, udp: the port that it has at the target"),
	LC_CHOICE_OF("expect", lc_words_reply, struct nat, expect,
		     "how it ends; reply"),
	LC_FIELD_END
};

static int expected(const struct nat *n)
{
	return lc_given(&n->expect) ? n->expect.choice : LC_REPLY;
}

static enum lc_protocol protocol_of(const struct nat *n)
{
	return (enum lc_protocol)n->proto.choice;
}

static void verify_protocol(const struct nat *n, struct lc_problems *problems)
{
	bool icmp = protocol_of(n) == LC_ICMP;

	if (!icmp && !lc_given(&n->port))
		lc_problem(problems, n->at, "which port? say `port`");
	if (icmp && lc_given(&n->port))
		lc_problem(problems, n->port.at,
			   "ICMP has no ports: say `proto: tcp` or `udp`");
	if (icmp && lc_given(&n->destination_port))
		lc_problem(problems, n->destination_port.at,
			   "ICMP has no ports: say `proto: tcp` or `udp`");
	if (icmp && n->server)
		lc_problem(problems, n->server->at,
			   "a kernel answers ICMP by itself: say `answered_by`");
	if (!icmp && lc_given(&n->answered_by))
		lc_problem(problems, n->answered_by.at,
			   "with %s say `server: {on: %s}`", n->proto.text,
			   n->answered_by.text);
}

static void nat_verify(const void *params, struct lc_problems *problems)
{
	const struct nat *n = params;
	bool known = n->answered_by.text || (n->server && n->server->on.text);

	verify_protocol(n, problems);
	if (!lc_given(&n->source) && !lc_given(&n->destination) &&
	    !lc_given(&n->source_port) && !lc_given(&n->destination_port))
		lc_problem(problems, n->at,
			   "seen how? say `source`, `destination`, `source_port` or `destination_port`");
	if (n->to.text && n->to.kind == LC_TARGET_ADDRESS && !known)
		lc_problem(problems, n->to.at,
			   "seen by whom? `to` is an address: say %s",
			   protocol_of(n) == LC_ICMP ? "`answered_by`" :
						       "`server: {on: ...}`");
}

static bool nat_negative(const void *params)
{
	return expected(params) != LC_REPLY;
}

static void nat_title(const void *params, FILE *out)
{
	const struct nat *n = params;

	fprintf(out, "nat %s -> %s", n->from.text, n->to.text);
	if (lc_given(&n->port))
		fprintf(out, " %s port %s", n->proto.text, n->port.text);
	if (lc_given(&n->source))
		fprintf(out, "%s %s",
			n->source.ip.family ? " is seen from" : " source",
			n->source.text);
	if (lc_given(&n->destination))
		fprintf(out, " %s %s", n->destination.ip.family ? "as" :
			"destination", n->destination.text);
	if (lc_given(&n->source_port))
		fprintf(out, " source port %s", n->source_port.text);
	if (lc_given(&n->destination_port))
		fprintf(out, " at port %s", n->destination_port.text);
	if (lc_given(&n->expect))
		fprintf(out, " is %s", n->expect.text);
}

static int nat_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	const struct nat *n = params;
	const struct transport_server *s = n->server;
	struct lc_probe probe = {
		.protocol = protocol_of(n),
		.from = n->from.node,
		.to = &n->to,
		.family = context->family,
		.port = (uint16_t)n->port.number,
		.size = 56,
		.serve = protocol_of(n) != LC_ICMP,
		.server_on = s && lc_given(&s->on) ? s->on.node : NULL,
		.server_port = s && lc_given(&s->port) ?
				       (uint16_t)s->port.number :
				       0,
		.target_on = lc_given(&n->answered_by) ? n->answered_by.node :
							 NULL,
		.negative = expected(n) != LC_REPLY,
		.ends = true,
	};

	return lc_batch_add(batch, &probe, err);
}

/* Hold one address against what was asked for; @before: what it was */
static void judge_address(struct lc_verdict *v, const char *what,
			  const struct lc_value *wanted,
			  const struct lc_ip *before, const struct lc_ip *seen)
{
	const struct lc_ip *ip = wanted->ip.family ? &wanted->ip : before;
	char one[LC_IP_TEXT], other[LC_IP_TEXT], expect[96], got[96];

	if (!lc_given(wanted) || lc_ip_equal(ip, seen))
		return;
	snprintf(expect, sizeof(expect), "%s %s%s", what,
		 lc_ip_format(ip, one),
		 wanted->ip.family ? "" : ", unchanged");
	snprintf(got, sizeof(got), "%s %s", what, lc_ip_format(seen, other));
	lc_verdict_expect(v, expect, got);
}

static void judge_source_port(const struct nat *n, const struct lc_seen *seen,
			      struct lc_verdict *v)
{
	bool kept = seen->arrived.source_port == seen->sent.source_port;
	const char *what = protocol_of(n) == LC_ICMP ? "identifier" :
						       "source port";
	char expect[64], got[64];

	if (!lc_given(&n->source_port) ||
	    kept == (n->source_port.choice == PORT_KEPT))
		return;
	snprintf(expect, sizeof(expect), "%s %u %s", what,
		 seen->sent.source_port, n->source_port.text);
	snprintf(got, sizeof(got), "%s %u", what, seen->arrived.source_port);
	lc_verdict_expect(v, expect, got);
}

static void judge_destination_port(const struct nat *n,
				   const struct lc_seen *seen,
				   struct lc_verdict *v)
{
	char got[16];

	if (!lc_given(&n->destination_port) ||
	    n->destination_port.number == seen->arrived.destination_port)
		return;
	snprintf(got, sizeof(got), "%u", seen->arrived.destination_port);
	lc_verdict_expect(v, n->destination_port.text, got);
}

/* What was to be hidden must not be on the far wire beside it */
static void judge_stray(const struct nat *n, const struct lc_seen *seen,
			struct lc_verdict *v)
{
	char text[LC_IP_TEXT];

	if (!n->source.ip.family || !seen->stray.source.family ||
	    lc_ip_equal(&seen->stray.source, &n->source.ip))
		return;
	lc_verdict_fail(v, "the target saw it come from %s as well",
			lc_ip_format(&seen->stray.source, text));
}

static void note_ends(struct lc_verdict *v, const char *key,
		      const struct lc_ends *e, enum lc_protocol protocol)
{
	char one[LC_IP_TEXT], other[LC_IP_TEXT];

	if (!e->source.family)
		lc_verdict_note(v, key, "nothing was seen");
	else if (protocol == LC_ICMP)
		lc_verdict_note(v, key, "%s > %s, identifier %u",
				lc_ip_format(&e->source, one),
				lc_ip_format(&e->destination, other),
				e->source_port);
	else
		lc_verdict_note(v, key, "%s port %u > %s port %u",
				lc_ip_format(&e->source, one), e->source_port,
				lc_ip_format(&e->destination, other),
				e->destination_port);
}

static void nat_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	const struct nat *n = params;
	enum lc_protocol protocol = protocol_of(n);

	(void)count;
	if (lc_judge_error(v, seen))
		return;
	lc_judge_outcome(v, protocol, expected(n), seen);
	if (!seen->arrived.source.family && seen->at_target)
		lc_verdict_error(v, "it reached its target by a program, not as a packet that could be followed");
	else if (!seen->arrived.source.family && v->result == LC_PASS)
		lc_verdict_expect(v, "the target sees it", "it did not");
	if (seen->arrived.source.family && v->result == LC_PASS) {
		judge_address(v, "source", &n->source, &seen->sent.source,
			      &seen->arrived.source);
		judge_address(v, "destination", &n->destination,
			      &seen->address, &seen->arrived.destination);
		judge_source_port(n, seen, v);
		judge_destination_port(n, seen, v);
		judge_stray(n, seen, v);
	}
	if (v->result == LC_PASS)
		lc_judge_arrival(v, context, seen);
	if (v->result == LC_PASS)
		return;
	v->about = seen;
	note_ends(v, "left", &seen->sent, protocol);
	note_ends(v, "arrived", &seen->arrived, protocol);
	note_ends(v, "answered", &seen->answer, protocol);
	note_ends(v, "returned", &seen->returned, protocol);
}

const struct lc_check lc_check_nat = {
	.name = "nat",
	.summary = "what the far end sees on its wire, and the way back",
	.example = "- nat: {from: blue, to: lan, source: 192.168.1.2}\n"
		   "- nat: {from: lan, to: 192.168.1.2, proto: tcp, port: 8080,\n"
		   "        server: {on: blue, port: 80}, source: unchanged,\n"
		   "        destination: 192.168.15.2}\n",
	.params_size = sizeof(struct nat),
	.fields = nat_fields,
	.verify = nat_verify,
	.negative = nat_negative,
	.title = nat_title,
	.declare = nat_declare,
	.judge = nat_judge,
};
