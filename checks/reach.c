// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reach.c - who reaches whom, every ordered pair
 *
 * `expect` is all, none, or a table (grid.c).  By tcp and udp labcheck serves at
 * each target, and only its own servers count.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/auto.h>
#include "grid.h"

static const char *const protocol_words[] = { "icmp", "tcp", "udp", NULL };

struct reach {
	struct lc_at at;
	struct lc_list among;
	struct lc_value proto, port, expect;
};

static const struct lc_field reach_fields[] = {
	LC_LIST_OF("among", LC_PATTERN, struct reach, among, LC_REQUIRED,
		   "nodes, by name or pattern: [u1, 'c*']"),
	LC_CHOICE_OF("proto", protocol_words, struct reach, proto,
		     "by what; icmp"),
	LC_SCALAR("port", LC_PORT, struct reach, port, 0,
		  "of tcp and udp; labcheck serves there"),
	LC_SCALAR("expect", LC_TEXT, struct reach, expect, 0,
		  "all, none, or a table; all"),
	LC_FIELD_END
};

static bool is_pattern(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

static bool is_among(const struct lc_list *among, const char *name)
{
	for (uint32_t i = 0; i < among->count; i++)
		if (!strcmp(among->texts[i], name))
			return true;
	return false;
}

static void reach_verify(const void *params, struct lc_problems *problems)
{
	const struct reach *p = params;
	lc_auto(grid_done) struct grid grid = { 0 };
	bool icmp = !lc_given(&p->proto) || p->proto.choice == LC_ICMP;
	struct lc_err err;
	bool pattern = false;

	if (icmp && lc_given(&p->port))
		lc_problem(problems, p->port.at, "ICMP has no ports");
	if (!icmp && !lc_given(&p->port))
		lc_problem(problems, p->at, "%s needs a `port`", p->proto.text);
	if (grid_read(&grid, &p->expect, &err)) {
		lc_problem(problems, p->expect.at, "%s", err.text);
		return;
	}
	for (uint32_t i = 0; i < p->among.count; i++) {
		const char *name = p->among.texts[i];

		pattern |= is_pattern(name);
		if (!grid.all && !is_pattern(name) &&
		    !grid_speaks_of(&grid, name))
			lc_problem(problems, p->expect.at,
				   "the table does not speak of '%s'", name);
	}
	for (size_t i = 0; i < grid.size && !pattern; i++)
		if (!is_among(&p->among, grid.names[i]))
			lc_problem(problems, p->expect.at,
				   "the table speaks of '%s', which is not `among` them",
				   grid.names[i]);
	if (p->among.count < 2 && !pattern)
		lc_problem(problems, p->at,
			   "a pair takes two nodes: this asserts nothing");
}

/* A table with any pair that must not reach the other is one */
static bool reach_negative(const void *params)
{
	const struct reach *p = params;

	return lc_given(&p->expect) && strcmp(p->expect.text, "all");
}

static void reach_title(const void *params, FILE *out)
{
	const struct reach *p = params;

	fputs("reach among", out);
	for (uint32_t i = 0; i < p->among.count; i++)
		fprintf(out, " %s", p->among.texts[i]);
	if (lc_given(&p->proto))
		fprintf(out, " by %s", p->proto.text);
	if (lc_given(&p->port))
		fprintf(out, " port %s", p->port.text);
	if (!lc_given(&p->expect) || !strcmp(p->expect.text, "all"))
		fputs(": all", out);
	else
		fputs(strcmp(p->expect.text, "none") ? ": as in the table" :
						       ": none",
		      out);
}

/* Probes point to targets; they live until the step has been judged */
static int reach_declare(const void *params, const struct lc_context *context,
			 struct lc_batch *batch, struct lc_err *err)
{
	const struct reach *p = params;
	lc_auto(grid_done) struct grid grid = { 0 };
	lc_auto(lc_free) struct lc_node **nodes = NULL;
	size_t count = 0;
	int r = grid_read(&grid, &p->expect, err);

	if (!r)
		r = lc_lab_nodes(context->lab, &p->among, &nodes, &count, err);
	for (size_t i = 0; i < count && !r; i++)
		for (size_t k = 0; k < count && !r; k++) {
			const char *from = lc_node_name(nodes[i]);
			const char *to = lc_node_name(nodes[k]);
			struct lc_probe probe = {
				.protocol = lc_given(&p->proto) ?
						    p->proto.choice :
						    LC_ICMP,
				.from = from,
				.to_node = to,
				.family = context->family,
				.size = 56,
			};
			char cell = grid_cell(&grid, from, to);

			if (i == k || cell == '.')
				continue;
			if (!cell)
				return lc_err_set(err, -EINVAL,
						  "the table does not speak of %s -> %s",
						  from, to);
			probe.serve = probe.protocol != LC_ICMP;
			probe.port = lc_given(&p->port) ?
					     (uint16_t)p->port.number :
					     0;
			probe.negative = cell != '+' || context->arrives >= 0;
			r = lc_batch_add(batch, &probe, err);
		}
	return r;
}

enum { PAIRS_SHOWN = 144 };

static void reach_judge(const void *params, const struct lc_context *context,
			const struct lc_seen *seen, size_t count,
			struct lc_verdict *v)
{
	const struct reach *p = params;
	lc_auto(grid_done) struct grid grid = { 0 };
	size_t wrong = 0, shown = 0;
	struct lc_err err;

	if (grid_read(&grid, &p->expect, &err)) {
		lc_verdict_error(v, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (v->result == LC_PASS)
			lc_judge_error(v, &seen[i]);
		wrong += !grid_holds(&grid, &seen[i]);
	}
	if (!count)
		lc_verdict_error(v, "there is no pair to ask: this asserts nothing");
	for (size_t i = 0; i < count && !wrong && v->result == LC_PASS; i++) {
		lc_judge_arrival(v, context, &seen[i]);
		if (v->result == LC_FAIL)
			lc_verdict_note(v, "pair", "%s -> %s", seen[i].from,
					seen[i].to);
	}
	if (!wrong || v->result != LC_PASS)
		return;
	lc_verdict_fail(v, "%zu of %zu pairs are not as expected", wrong,
			count);
	if (count <= PAIRS_SHOWN)
		grid_note(&grid, seen, count, v);
	for (size_t i = 0; i < count && shown < 5; i++)
		if (!grid_holds(&grid, &seen[i])) {
			if (!v->about)
				v->about = &seen[i];
			lc_verdict_note(v, "evidence", "%s -> %s %s, %s",
					seen[i].from, seen[i].to,
					lc_outcome_name(seen[i].outcome,
							LC_ICMP),
					seen[i].detail);
			shown++;
		}
}

const struct lc_check lc_check_reach = {
	.name = "reach",
	.summary = "who reaches whom, every ordered pair of some nodes",
	.example = "- reach: {among: [u1, u2, lan], expect: all}\n"
		   "- reach:\n"
		   "    among: [u1, u2, lan]\n"
		   "    expect: |\n"
		   "      .    u1 u2 lan\n"
		   "      u1   .  +  +\n"
		   "      u2   +  .  +\n"
		   "      lan  -  -  .\n",
	.params_size = sizeof(struct reach),
	.fields = reach_fields,
	.verify = reach_verify,
	.negative = reach_negative,
	.title = reach_title,
	.declare = reach_declare,
	.judge = reach_judge,
};
