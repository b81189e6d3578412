/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icc_pairs.h - what came of the pairs of a network, and how it is told
 */
#ifndef CHECKS_ICC_PAIRS_H
#define CHECKS_ICC_PAIRS_H

#include <labcheck/check.h>

enum { ICC_OPEN, ICC_ISOLATED };
extern const char *const icc_words[];

/** struct icc_round - All pairs, asked by one protocol over one family */
struct icc_round {
	enum lc_protocol protocol;
	int family;
};

/**
 * icc_judge_pairs() - Hold all pairs of all rounds against what is expected
 * @expect:	ICC_OPEN: each reaches the other; ICC_ISOLATED: nothing arrives
 * @seen:	@pairs of the first round, then of the second, ...
 */
void icc_judge_pairs(int expect, const struct icc_round *rounds,
		     size_t round_count, const struct lc_seen *seen,
		     size_t pairs, struct lc_verdict *v);

#endif
