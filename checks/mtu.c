// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mtu.c - the largest packet that passes unfragmented
 *
 * Two echo requests that may not be fragmented: one of that size is answered,
 * one a byte larger is not, and whoever can't pass it on says so (RFC 1191,
 * 8201).  Where nobody does, hosts go on sending what never arrives: that is
 * `expect: drop`, a path MTU black hole.
 */
#include <stdio.h>

#include <labcheck/check.h>

enum { PACKET_MIN = 68, PACKET_MAX = 65514 }; /* an echo's IPv4 packet */

struct mtu {
	struct lc_at at;
	struct lc_value from, to, size, expect;
};

enum { BEYOND_TOO_BIG, BEYOND_DROP };
static const char *const beyond_words[] = {
	[BEYOND_TOO_BIG] = "too-big",
	[BEYOND_DROP] = "drop",
	NULL,
};

static const struct lc_field mtu_fields[] = {
	LC_SCALAR("from", LC_NODE, struct mtu, from, LC_REQUIRED, "who sends"),
	LC_SCALAR("to", LC_TARGET, struct mtu, to, LC_REQUIRED,
		  "whom: an address, a node, node:interface"),
	{.key = "size",
	 .type = LC_NUMBER,
	 .min = PACKET_MIN,
	 .max = PACKET_MAX,
	 .flags = LC_REQUIRED,
	 .offset = offsetof(struct mtu, size),
	 .size = sizeof(struct lc_value),
	 .help = "of the largest packet that passes, from its IP header on"},
	LC_CHOICE_OF("expect", beyond_words, struct mtu, expect,
		     "how a larger one ends; too-big"),
	LC_FIELD_END};

static void mtu_title(const void *params, FILE *out)
{
	const struct mtu *m = params;

	fprintf(out, "mtu %s -> %s is %s", m->from.text, m->to.text,
		m->size.text);
	if (lc_given(&m->expect))
		fprintf(out, ", larger ones %s",
			m->expect.choice == BEYOND_DROP ? "vanish"
							: "are too big");
}

static int mtu_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	const struct mtu *m = params;
	struct lc_probe probe = {
		.protocol = LC_ICMP,
		.from = m->from.node,
		.to = &m->to,
		.family = context->family,
		.size = (uint32_t)m->size.number,
		.whole = true,
		.df = true,
	};
	int r = lc_batch_add(batch, &probe, err);

	probe.size++;
	probe.negative = true;
	return r ?: lc_batch_add(batch, &probe, err);
}

static void note_mtu(const struct lc_seen *seen, struct lc_verdict *v)
{
	char text[LC_IP_TEXT];

	if (seen->mtu)
		lc_verdict_note(v, "mtu", "%u, says %s", seen->mtu,
				seen->answered_by.family
					? lc_ip_format(&seen->answered_by, text)
					: "its own kernel");
}

static void mtu_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	const struct mtu *m = params;
	int beyond = m->expect.choice == BEYOND_DROP ? LC_DROP : LC_TOO_BIG;

	(void)context;
	(void)count;
	if (lc_judge_error(v, &seen[0]) || lc_judge_error(v, &seen[1]))
		return;
	lc_judge_outcome(v, LC_ICMP, LC_REPLY, &seen[0]);
	if (v->result != LC_PASS) {
		lc_verdict_note(v, "size", "%s", m->size.text);
		note_mtu(&seen[0], v);
		return;
	}
	lc_judge_outcome(v, LC_ICMP, beyond, &seen[1]);
	if (v->result == LC_PASS)
		return;
	lc_verdict_note(v, "size", "%u", (uint32_t)m->size.number + 1);
	note_mtu(&seen[1], v);
}

const struct lc_check lc_check_mtu = {
	.name = "mtu",
	.summary = "the largest packet that passes unfragmented",
	.example = "- mtu: {from: blue, to: lan, size: 1500}\n"
		   "- mtu: {from: blue, to: lan, size: 1400, expect: drop}\n",
	.params_size = sizeof(struct mtu),
	.fields = mtu_fields,
	.title = mtu_title,
	.declare = mtu_declare,
	.judge = mtu_judge,
};
