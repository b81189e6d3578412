// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conntrack.c - what a node remembers of a conversation that it let through
 *
 * Both directions are kept: as the first packet came in, and as an answer is
 * expected.  Where NAT has changed one of them, they are no mirror of each
 * other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

enum { TABLE_TOLD = 10 }; /* of a table without it */

struct way {
	struct lc_at at;
	struct lc_value from, to, port;
};

struct conntrack {
	struct lc_at at;
	struct lc_value on, proto, expect;
	struct way *original, *reply;
};

static const char *const conntrack_protocols[] = {"tcp", "udp", "icmp", NULL};
static const uint8_t numbers[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP};

enum { PRESENT, ABSENT };
static const char *const presence_words[] = {
	[PRESENT] = "present",
	[ABSENT] = "absent",
	NULL,
};

static const struct lc_field original_fields[] = {
	LC_SCALAR("from", LC_ADDRESS, struct way, from, 0, "the client"),
	LC_SCALAR("to", LC_ADDRESS, struct way, to, 0, "whom it asked"),
	LC_SCALAR("port", LC_PORT, struct way, port, 0, "for which port"),
	LC_FIELD_END};

static const struct lc_field reply_fields[] = {
	LC_SCALAR("from", LC_ADDRESS, struct way, from, 0, "who answers"),
	LC_SCALAR("to", LC_ADDRESS, struct way, to, 0, "whom"),
	LC_SCALAR("port", LC_PORT, struct way, port, 0, "from which port"),
	LC_FIELD_END};

static const struct lc_field conntrack_fields[] = {
	LC_SCALAR("on", LC_NODE, struct conntrack, on, LC_REQUIRED,
		  "whose table"),
	LC_CHOICE_OF("proto", conntrack_protocols, struct conntrack, proto,
		     "default: any"),
	LC_MAPPING_OF("original", original_fields, struct conntrack, original,
		      0, "as the first packet came in"),
	LC_MAPPING_OF("reply", reply_fields, struct conntrack, reply, 0,
		      "as its answer is expected to come in"),
	LC_CHOICE_OF("expect", presence_words, struct conntrack, expect,
		     "present"),
	LC_FIELD_END};

static bool asserts(const struct way *w)
{
	return w &&
	       (lc_given(&w->from) || lc_given(&w->to) || lc_given(&w->port));
}

static void conntrack_verify(const void *params, struct lc_problems *problems)
{
	const struct conntrack *c = params;

	if (!asserts(c->original) && !asserts(c->reply))
		lc_problem(problems, c->at,
			   "which connection? say `original` or `reply`, with "
			   "from, to or port");
}

static bool conntrack_negative(const void *params)
{
	return ((const struct conntrack *)params)->expect.choice == ABSENT;
}

static void title_way(const char *word, const struct way *w, FILE *out)
{
	if (!w)
		return;
	fprintf(out, ", %s", word);
	if (lc_given(&w->from))
		fprintf(out, " from %s", w->from.text);
	if (lc_given(&w->to))
		fprintf(out, " to %s", w->to.text);
	if (lc_given(&w->port))
		fprintf(out, " port %s", w->port.text);
}

static void conntrack_title(const void *params, FILE *out)
{
	const struct conntrack *c = params;

	fprintf(out, "conntrack of %s has %s%s", c->on.text,
		conntrack_negative(c) ? "no " : "",
		lc_given(&c->proto) ? c->proto.text : "connection");
	title_way("original", c->original, out);
	title_way("reply", c->reply, out);
}

static bool is_protocol(const struct conntrack *c, uint8_t number)
{
	if (!lc_given(&c->proto))
		return true;
	return number == numbers[c->proto.choice] ||
	       (number == IPPROTO_ICMPV6 &&
		numbers[c->proto.choice] == IPPROTO_ICMP);
}

/* @port: the server's, of that direction */
static bool is_way(const struct way *w, const struct lc_ends *e, uint16_t port)
{
	if (!w)
		return true;
	return (!lc_given(&w->from) || lc_ip_equal(&w->from.ip, &e->source)) &&
	       (!lc_given(&w->to) || lc_ip_equal(&w->to.ip, &e->destination)) &&
	       (!lc_given(&w->port) || w->port.number == port);
}

/* "192.168.15.2 port 41000 > 192.168.1.3 port 80"; an echo's "... id 17" */
static void format_ends(const struct lc_flow *f, const struct lc_ends *e,
			char *text, size_t size)
{
	char from[LC_IP_TEXT], to[LC_IP_TEXT];

	lc_ip_format(&e->source, from);
	lc_ip_format(&e->destination, to);
	if (f->protocol == IPPROTO_TCP || f->protocol == IPPROTO_UDP)
		snprintf(text, size, "%s port %u > %s port %u", from,
			 e->source_port, to, e->destination_port);
	else
		snprintf(text, size, "%s > %s identifier %u", from, to,
			 e->source_port);
}

static void note_flow(const struct lc_flow *f, struct lc_verdict *v)
{
	char original[160], reply[160], number[16];
	const char *name = number;

	snprintf(number, sizeof(number), "protocol %u", f->protocol);
	for (size_t i = 0; conntrack_protocols[i]; i++)
		if (f->protocol == numbers[i])
			name = conntrack_protocols[i];
	if (f->protocol == IPPROTO_ICMPV6)
		name = "icmpv6";
	format_ends(f, &f->original, original, sizeof(original));
	format_ends(f, &f->reply, reply, sizeof(reply));
	lc_verdict_note(v, "table", "%s %s, reply %s", name, original, reply);
}

/* The kernel's order is that of its hashes, another in each run */
static int flow_order(const void *a, const void *b)
{
	const struct lc_flow *one = a, *other = b;
	int order = one->protocol - other->protocol;

	if (!order)
		order = memcmp(one->original.source.bytes,
			       other->original.source.bytes, 16);
	return order
		       ?: one->original.destination_port -
				  other->original.destination_port;
}

static void conntrack_judge(const void *params,
			    const struct lc_context *context,
			    const struct lc_seen *seen, size_t count,
			    struct lc_verdict *v)
{
	const struct conntrack *c = params;
	lc_auto(lc_free) struct lc_flow *flows = NULL;
	const struct lc_flow *found = NULL;
	struct lc_err err = {""};
	struct lc_node *node = lc_lab_node(context->lab, c->on.node, &err);
	size_t n = 0;
	int r = node ? lc_node_flows(node, &flows, &n, &err) : -ENOENT;

	(void)seen;
	(void)count;
	if (r) {
		lc_verdict_refused(v, r, &err);
		return;
	}
	for (size_t i = 0; i < n && !found; i++)
		if (is_protocol(c, flows[i].protocol) &&
		    is_way(c->original, &flows[i].original,
			   flows[i].original.destination_port) &&
		    is_way(c->reply, &flows[i].reply,
			   flows[i].reply.source_port))
			found = &flows[i];
	if (!found == conntrack_negative(c))
		return;
	lc_verdict_expect(v, presence_words[c->expect.choice],
			  found ? "present" : "absent");
	if (found)
		note_flow(found, v);
	if (!found && n)
		qsort(flows, n, sizeof(*flows), flow_order);
	for (size_t i = 0; i < n && i < TABLE_TOLD && !found; i++)
		note_flow(&flows[i], v);
}

const struct lc_check lc_check_conntrack = {
	.name = "conntrack",
	.summary = "what a node remembers of a conversation",
	.example = "- conntrack: {on: host, proto: tcp, original: {from: "
		   "192.168.1.3, to: 192.168.1.2, port: 8080},\n"
		   "              reply: {from: 192.168.15.2, port: 80}}\n",
	.params_size = sizeof(struct conntrack),
	.fields = conntrack_fields,
	.verify = conntrack_verify,
	.negative = conntrack_negative,
	.title = conntrack_title,
	.judge = conntrack_judge,
};
