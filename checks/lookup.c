// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lookup.c - what a node's kernel would do with a packet
 *
 * The kernel itself is asked, with all its tables and rules, as `ip route get`
 * asks it.  Nothing is sent.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/check.h>

struct lookup {
	struct lc_at at;
	struct lc_value on, to, via, dev, source, expect;
};

enum { FOUND, NO_ROUTE, UNREACHABLE, PROHIBITED, BLACKHOLE };

static const char *const expect_words[] = {
	[FOUND] = "found",	     [NO_ROUTE] = "no-route",
	[UNREACHABLE] = "unreachable", [PROHIBITED] = "prohibited",
	[BLACKHOLE] = "blackhole",   NULL,
};

static const struct lc_field lookup_fields[] = {
	LC_SCALAR("on", LC_NODE, struct lookup, on, LC_REQUIRED,
		  "who would send"),
	LC_SCALAR("to", LC_TARGET, struct lookup, to, LC_REQUIRED,
		  "where to: an address, a node, node:interface"),
	LC_SCALAR("via", LC_ADDRESS, struct lookup, via, 0,
		  "the gateway that it would go by"),
	LC_SCALAR("dev", LC_IFNAME, struct lookup, dev, 0,
		  "the interface that it would leave by"),
	LC_SCALAR("source", LC_ADDRESS, struct lookup, source, 0,
		  "the source address that it would get"),
	LC_CHOICE_OF("expect", expect_words, struct lookup, expect,
		     "default: found"),
	LC_FIELD_END
};

static int expected(const struct lookup *p)
{
	return lc_given(&p->expect) ? p->expect.choice : FOUND;
}

static void lookup_verify(const void *params, struct lc_problems *problems)
{
	const struct lookup *p = params;
	const struct lc_value *route[] = { &p->via, &p->dev, &p->source };

	if (lc_given(&p->to) && p->to.kind == LC_TARGET_NAME)
		lc_problem(problems, p->to.at,
			   "a route leads to an address, and '%s' is a name",
			   p->to.text);
	for (size_t i = 0; i < 3 && expected(p) != FOUND; i++)
		if (lc_given(route[i]))
			lc_problem(problems, route[i]->at,
				   "`expect: %s` says that there is no way: "
				   "`via`, `dev` and `source` don't go with it",
				   p->expect.text);
}

static bool lookup_negative(const void *params)
{
	return expected(params) != FOUND;
}

static void lookup_title(const void *params, FILE *out)
{
	const struct lookup *p = params;

	fprintf(out, "route of %s to %s", p->on.text, p->to.text);
	if (expected(p) != FOUND) {
		fprintf(out, " is %s", p->expect.text);
		return;
	}
	if (lc_given(&p->via))
		fprintf(out, " via %s", p->via.text);
	if (lc_given(&p->dev))
		fprintf(out, " dev %s", p->dev.text);
	if (lc_given(&p->source))
		fprintf(out, " source %s", p->source.text);
}

/* The kernel's answer as a word of ours; -1: it is none */
static int outcome_of(int code)
{
	switch (code) {
	case 0:
		return FOUND;
	case -ENETUNREACH:
		return NO_ROUTE;
	case -EHOSTUNREACH:
		return UNREACHABLE;
	case -EACCES:
		return PROHIBITED;
	case -EINVAL:
		return BLACKHOLE;
	}
	return -1;
}

static bool ip_differs(const struct lc_value *said, const struct lc_ip *ip)
{
	return lc_given(said) && !lc_ip_equal(&said->ip, ip);
}

static void judge_route(const struct lookup *p, const struct lc_route *route,
			struct lc_verdict *v)
{
	char via[LC_IP_TEXT], source[LC_IP_TEXT], wanted[200], got[200];

	if (!ip_differs(&p->via, &route->via) &&
	    !ip_differs(&p->source, &route->source) &&
	    !(lc_given(&p->dev) && strcmp(p->dev.text, route->dev) != 0))
		return;
	snprintf(wanted, sizeof(wanted), "%s%s%s%s%s%s",
		 lc_given(&p->via) ? " via " : "",
		 lc_given(&p->via) ? p->via.text : "",
		 lc_given(&p->dev) ? " dev " : "",
		 lc_given(&p->dev) ? p->dev.text : "",
		 lc_given(&p->source) ? " source " : "",
		 lc_given(&p->source) ? p->source.text : "");
	snprintf(got, sizeof(got), "%s%s dev %s source %s",
		 route->via.family ? "via " : "on-link",
		 route->via.family ? lc_ip_format(&route->via, via) : "",
		 route->dev, lc_ip_format(&route->source, source));
	lc_verdict_expect(v, wanted + 1, got);
}

static void lookup_judge(const void *params, const struct lc_context *context,
			 const struct lc_seen *seen, size_t seen_count,
			 struct lc_verdict *v)
{
	const struct lookup *p = params;
	int family = context->family;
	struct lc_route route;
	struct lc_node *node;
	struct lc_err err;
	struct lc_ip to;
	int r, outcome;

	(void)seen;
	(void)seen_count;
	node = lc_lab_node(context->lab, p->on.node, &err);
	r = node ? lc_target_address(node, &p->to, family, &to, &err) : -ENOENT;
	if (r) {
		lc_verdict_refused(v, r, &err);
		return;
	}
	r = lc_node_lookup(node, &to, NULL, &route, &err);
	outcome = outcome_of(r);
	if (outcome < 0) {
		lc_verdict_refused(v, r, &err);
	} else if (outcome != expected(p)) {
		lc_verdict_expect(v, expect_words[expected(p)],
				  expect_words[outcome]);
	} else if (outcome == FOUND) {
		judge_route(p, &route, v);
	}
}

const struct lc_check lc_check_lookup = {
	.name		= "lookup",
	.summary	= "what a node's kernel would do with a packet (ip route get)",
	.example	= "- lookup: {on: blue, to: 192.168.1.3, via: 192.168.15.5}",
	.params_size	= sizeof(struct lookup),
	.fields		= lookup_fields,
	.verify		= lookup_verify,
	.negative	= lookup_negative,
	.title		= lookup_title,
	.judge		= lookup_judge,
};
