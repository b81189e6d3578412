// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path.c - the routers on the way to a target
 *
 * As traceroute does it: echo requests that may pass no router, one, two, ...
 * Each router that has to give one up says so (RFC 792, 1812: time exceeded),
 * from an address of its own; the first request that passes them all is
 * answered by the target.  A few more than the file names are sent, so that a
 * way that is longer than it says is told whole.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

enum { HOPS_MAX = 64, MORE = 4 };

struct path {
	struct lc_at at;
	struct lc_value from, to;
	struct lc_list hops;
};

static const struct lc_field path_fields[] = {
	LC_SCALAR("from", LC_NODE, struct path, from, LC_REQUIRED, "who sends"),
	LC_SCALAR("to", LC_TARGET, struct path, to, LC_REQUIRED,
		  "whom: an address, a node, node:interface"),
	LC_LIST_OF("hops", LC_TARGET, struct path, hops, LC_REQUIRED,
		   "the routers in their order, without the target: addresses, "
		   "nodes, node:interface"),
	LC_FIELD_END};

static void path_verify(const void *params, struct lc_problems *problems)
{
	const struct path *p = params;

	if (p->hops.count > HOPS_MAX)
		lc_problem(problems, p->at, "at most %d hops", HOPS_MAX);
	for (uint32_t i = 0; p->hops.items && i < p->hops.count; i++)
		if (p->hops.items[i].kind == LC_TARGET_NAME)
			lc_problem(problems, p->hops.items[i].at,
				   "a router is an address, a node or "
				   "node:interface");
}

static void path_title(const void *params, FILE *out)
{
	const struct path *p = params;

	fprintf(out, "path %s -> %s", p->from.text, p->to.text);
	for (uint32_t i = 0; i < p->hops.count; i++)
		fprintf(out, "%s%s", i ? ", " : " by ", p->hops.texts[i]);
	if (!p->hops.count)
		fputs(" has no router", out);
}

static int path_declare(const void *params, const struct lc_context *context,
			struct lc_batch *batch, struct lc_err *err)
{
	const struct path *p = params;
	struct lc_probe probe = {
		.protocol = LC_ICMP,
		.from = p->from.node,
		.to = &p->to,
		.family = context->family,
		.size = 56,
	};
	int r = 0;

	for (uint32_t i = 0; !r && i <= p->hops.count + MORE; i++) {
		probe.ttl = (uint8_t)(i + 1);
		probe.negative = i < p->hops.count;
		r = lc_batch_add(batch, &probe, err);
	}
	return r;
}

/* Whether an address is one of those that a hop stands for; -errno with @err */
static int hop_is(const struct lc_context *context, const struct lc_value *hop,
		  const struct lc_ip *ip, struct lc_err *err)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	struct lc_link link = {0};
	struct lc_node *node;
	size_t count = 0;
	int r;

	if (hop->kind == LC_TARGET_ADDRESS)
		return lc_ip_equal(&hop->ip, ip);
	node = lc_lab_node(context->lab, hop->node, err);
	if (!node)
		return -ENOENT;
	r = hop->interface ? lc_node_link(node, hop->interface, &link, err) : 0;
	if (!r)
		r = lc_node_addresses(node, &list, &count, err);
	for (size_t i = 0; !r && i < count; i++)
		if (lc_ip_equal(&list[i].ip, ip) &&
		    (!hop->interface || list[i].ifindex == link.ifindex))
			return 1;
	return r;
}

/* What came of each request, up to the target's answer */
static void note_way(const struct lc_seen *seen, size_t count,
		     struct lc_verdict *v)
{
	char text[LC_IP_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (seen[i].outcome == LC_TTL_EXCEEDED)
			lc_verdict_note(
				v, "way", "%s",
				lc_ip_format(&seen[i].answered_by, text));
		else if (seen[i].outcome == LC_REPLY)
			lc_verdict_note(v, "way", "%s, the target",
					lc_ip_format(&seen[i].address, text));
		else
			lc_verdict_note(
				v, "way", "%s (%s)",
				lc_outcome_name(seen[i].outcome, LC_ICMP),
				seen[i].detail);
		if (seen[i].outcome != LC_TTL_EXCEEDED)
			return;
	}
}

static void judge_hop(const struct path *p, const struct lc_context *context,
		      uint32_t i, const struct lc_seen *seen,
		      struct lc_verdict *v)
{
	const struct lc_value *hop = &p->hops.items[i];
	char text[LC_IP_TEXT], got[96];
	struct lc_err err;
	int is;

	if (seen->outcome != LC_TTL_EXCEEDED) {
		snprintf(got, sizeof(got), "%s",
			 seen->outcome == LC_REPLY
				 ? "the target"
				 : lc_outcome_name(seen->outcome, LC_ICMP));
	} else {
		is = hop_is(context, hop, &seen->answered_by, &err);
		if (is > 0)
			return;
		if (is < 0) {
			lc_verdict_refused(v, is, &err);
			return;
		}
		snprintf(got, sizeof(got), "%s",
			 lc_ip_format(&seen->answered_by, text));
	}
	lc_verdict_expect(v, hop->text, got);
	lc_verdict_note(v, "hop", "%u", i + 1);
}

static void path_judge(const void *params, const struct lc_context *context,
		       const struct lc_seen *seen, size_t count,
		       struct lc_verdict *v)
{
	const struct path *p = params;

	for (size_t i = 0; i <= p->hops.count; i++)
		if (lc_judge_error(v, &seen[i]))
			return;
	for (uint32_t i = 0; i < p->hops.count && v->result == LC_PASS; i++)
		judge_hop(p, context, i, &seen[i], v);
	if (v->result == LC_PASS &&
	    seen[p->hops.count].outcome == LC_TTL_EXCEEDED)
		lc_verdict_expect(v, "the target", "another router");
	else if (v->result == LC_PASS)
		lc_judge_outcome(v, LC_ICMP, LC_REPLY, &seen[p->hops.count]);
	if (v->result == LC_FAIL)
		note_way(seen, count, v);
}

const struct lc_check lc_check_path = {
	.name = "path",
	.summary = "the routers on the way, the target not among them",
	.example = "- path: {from: blue, to: lan, hops: [192.168.15.5]}\n"
		   "- path: {from: blue, to: lan, hops: [host]}\n"
		   "- path: {from: blue, to: red, hops: []}\n",
	.params_size = sizeof(struct path),
	.fields = path_fields,
	.verify = path_verify,
	.title = path_title,
	.declare = path_declare,
	.judge = path_judge,
};
