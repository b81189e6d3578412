// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * icc_pairs.c - what came of the pairs of a network, and how it is told
 *
 * Of each round that is not as it should be: how many pairs are, which ones, and
 * the evidence of the first few that are not.
 */
#include <sys/socket.h>

#include "grid.h"
#include "icc_pairs.h"

const char *const icc_words[] = {
	[ICC_OPEN] = "open", [ICC_ISOLATED] = "isolated", NULL,
};

static const char *const protocol_words[] = {
	[LC_ICMP] = "icmp", [LC_TCP] = "tcp", [LC_UDP] = "udp",
};

enum {
	PAIRS_SHOWN = 144,
	EVIDENCE_SHOWN = 3,
};

static bool pair_is(int what, const struct lc_seen *seen)
{
	if (what == ICC_OPEN)
		return seen->outcome == LC_REPLY && !seen->flaw;
	return seen->outcome != LC_REPLY && !seen->at_target;
}

static const char *over(const struct icc_round *round)
{
	return round->family == AF_INET6 ? " over IPv6" : "";
}

static void note_evidence(int expect, const struct icc_round *round,
			  const struct lc_seen *seen, size_t count,
			  struct lc_verdict *v)
{
	for (size_t i = 0, shown = 0; i < count && shown < EVIDENCE_SHOWN; i++) {
		if (pair_is(expect, &seen[i]))
			continue;
		lc_verdict_note(v, "evidence", "%s%s %s -> %s %s, %s",
				protocol_words[round->protocol], over(round),
				seen[i].from, seen[i].to,
				lc_outcome_name(seen[i].outcome,
						round->protocol),
				seen[i].detail);
		shown++;
	}
}

static size_t count_of(int what, const struct lc_seen *seen, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += pair_is(what, &seen[i]);
	return n;
}

/* The pairs of one round, if some of them are not as they should be */
static void note_pairs(int expect, const struct icc_round *round,
		       const struct lc_seen *seen, size_t count,
		       struct lc_verdict *v)
{
	const struct grid grid = {
		.all = expect == ICC_OPEN ? '+' : '-',
	};
	size_t right = count_of(expect, seen, count);

	if (right == count)
		return;
	lc_verdict_note(v, "pairs", "%s%s, of %zu pairs %zu %s %s",
			protocol_words[round->protocol], over(round), count,
			right,
			right == 1 ? "is" : "are", icc_words[expect]);
	if (right && count <= PAIRS_SHOWN)
		grid_note(&grid, seen, count, v);
	note_evidence(expect, round, seen, count, v);
}

void icc_judge_pairs(int expect, const struct icc_round *rounds,
		     size_t round_count, const struct lc_seen *seen,
		     size_t pairs, struct lc_verdict *v)
{
	const size_t count = round_count * pairs;
	const char *got = "a mixture";

	if (count_of(expect, seen, count) == count)
		return;
	for (int i = 0; icc_words[i]; i++)
		if (count_of(i, seen, count) == count)
			got = icc_words[i];
	if (!count_of(ICC_OPEN, seen, count) &&
	    !count_of(ICC_ISOLATED, seen, count))
		got = "words that arrive, and no answers";
	for (size_t i = 0; i < count && !v->about; i++)
		if (!count_of(expect, &seen[i], 1))
			v->about = &seen[i];
	lc_verdict_expect(v, icc_words[expect], got);
	for (size_t i = 0; i < round_count; i++)
		note_pairs(expect, &rounds[i], seen + i * pairs, pairs, v);
}
