// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ping.c - an ICMP echo reaches the other node, and its answer comes home
 *
 * An answer alone proves little: a router with proxy ARP, or a stray DNAT
 * rule, can answer in the target's place.  So where the target is a node of
 * the lab, the request must be seen there as well as answered here.
 */
#include <labcheck/check.h>

struct ping {
	struct lc_at at;
	struct lc_value from, to, count, size, ttl, df, source, loss, expect,
			answered_by;
};

static const struct lc_field ping_fields[] = {
	LC_SCALAR("from", LC_NODE, struct ping, from, LC_REQUIRED, "who sends"),
	LC_SCALAR("to", LC_TARGET, struct ping, to, LC_REQUIRED,
		  "whom: an address, a node, node:interface"),
	LC_NUMBER_IN("count", 1, 10000, struct ping, count,
		     "how many requests; 1"),
	LC_NUMBER_IN("size", 0, 65507, struct ping, size,
		     "bytes of payload behind the ICMP header; 56"),
	LC_NUMBER_IN("ttl", 1, 255, struct ping, ttl,
		     "time to live, or hop limit"),
	LC_SCALAR("df", LC_BOOL, struct ping, df, 0, "do not fragment"),
	LC_SCALAR("source", LC_ADDRESS, struct ping, source, 0,
		  "the address to send from"),
	LC_SCALAR("loss", LC_PERCENT, struct ping, loss, 0,
		  "the most that may go unanswered; 0%"),
	LC_SCALAR("answered_by", LC_NODE, struct ping, answered_by, 0,
		  "the node that must have got it, for a `to` that is an address"),
	LC_CHOICE_OF("expect", lc_words_reply, struct ping, expect,
		     "how it ends; reply"),
	LC_FIELD_END
};

static int expected(const struct ping *p)
{
	return lc_given(&p->expect) ? p->expect.choice : LC_REPLY;
}

static uint64_t count_of(const struct ping *p)
{
	return lc_given(&p->count) ? p->count.number : 1;
}

static void ping_verify(const void *params, struct lc_problems *problems)
{
	const struct ping *p = params;

	if (lc_given(&p->loss) && expected(p) != LC_REPLY)
		lc_problem(problems, p->loss.at,
			   "`loss` goes with replies, and `expect` says %s",
			   p->expect.text);
	if (lc_given(&p->loss) && p->loss.number >= 10000)
		lc_problem(problems, p->loss.at,
			   "with a loss of 100%% allowed, this asserts nothing");
	if (lc_given(&p->source) && p->to.text &&
	    p->to.kind == LC_TARGET_ADDRESS &&
	    p->source.ip.family != p->to.ip.family)
		lc_problem(problems, p->source.at,
			   "%s can't be the source of a packet to %s",
			   p->source.text, p->to.text);
	if (lc_given(&p->answered_by) && p->to.text &&
	    p->to.kind != LC_TARGET_ADDRESS)
		lc_problem(problems, p->answered_by.at,
			   "`answered_by` goes with an address: %s must answer anyway",
			   p->to.text);
}

static bool ping_negative(const void *params)
{
	return expected(params) != LC_REPLY;
}

static void ping_title(const void *params, FILE *out)
{
	const struct ping *p = params;

	fprintf(out, "ping %s -> %s", p->from.text, p->to.text);
	if (lc_given(&p->expect) && p->expect.choice != LC_REPLY)
		fprintf(out, " is %s", p->expect.text);
}

static int ping_declare(const void *params, const struct lc_context *context,
			struct lc_batch *batch, struct lc_err *err)
{
	const struct ping *p = params;
	struct lc_probe probe = {
		.protocol = LC_ICMP,
		.from = p->from.node,
		.to = &p->to,
		.family = context->family,
		.size = lc_given(&p->size) ? (uint32_t)p->size.number : 56,
		.ttl = lc_given(&p->ttl) ? (uint8_t)p->ttl.number : 0,
		.df = lc_given(&p->df) && p->df.flag,
		.source = lc_given(&p->source) ? &p->source : NULL,
		.target_on = lc_given(&p->answered_by) ? p->answered_by.node :
							 NULL,
		.negative = expected(p) != LC_REPLY || context->arrives >= 0,
	};
	int r = 0;

	for (uint64_t i = 0; !r && i < count_of(p); i++)
		r = lc_batch_add(batch, &probe, err);
	return r;
}

static void judge_replies(const struct ping *p, const struct lc_seen *seen,
			  size_t count, struct lc_verdict *v)
{
	size_t lost = 0;
	uint64_t allowed = lc_given(&p->loss) ? p->loss.number : 0;

	for (size_t i = 0; i < count; i++)
		lost += seen[i].outcome != LC_REPLY;
	/* What is lost is one thing, who answered the others another */
	if (lost * 10000 <= allowed * count) {
		for (size_t i = 0; i < count && v->result == LC_PASS; i++)
			if (seen[i].outcome == LC_REPLY)
				lc_judge_outcome(v, LC_ICMP, LC_REPLY,
						 &seen[i]);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (seen[i].outcome != LC_REPLY) {
			lc_judge_outcome(v, LC_ICMP, LC_REPLY, &seen[i]);
			break;
		}
	if (count > 1)
		lc_verdict_note(v, "lost", "%zu of %zu", lost, count);
}

static void ping_judge(const void *params, const struct lc_context *context,
		       const struct lc_seen *seen, size_t count,
		       struct lc_verdict *v)
{
	const struct ping *p = params;

	for (size_t i = 0; i < count; i++)
		if (lc_judge_error(v, &seen[i]))
			break;
	if (v->result != LC_PASS)
		return;
	if (expected(p) == LC_REPLY) {
		judge_replies(p, seen, count, v);
	} else {
		for (size_t i = 0; i < count && v->result == LC_PASS; i++)
			lc_judge_outcome(v, LC_ICMP, expected(p), &seen[i]);
	}
	for (size_t i = 0; i < count && v->result == LC_PASS; i++)
		lc_judge_arrival(v, context, &seen[i]);
	if (v->result == LC_FAIL)
		lc_verdict_note(v, "sent", "%zu", count);
}

const struct lc_check lc_check_ping = {
	.name = "ping",
	.summary = "an ICMP echo reaches the other node and is answered",
	.example = "- ping: {from: red, to: blue}\n"
		   "- ping: {from: red, to: 192.168.1.3, expect: no-route}\n",
	.params_size = sizeof(struct ping),
	.fields = ping_fields,
	.verify = ping_verify,
	.negative = ping_negative,
	.title = ping_title,
	.declare = ping_declare,
	.judge = ping_judge,
};
