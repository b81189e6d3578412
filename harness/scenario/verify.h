/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.h - whether a document says what the language allows
 */
#ifndef SCENARIO_VERIFY_H
#define SCENARIO_VERIFY_H

struct document;
struct lc_check;
struct lc_problems;

/**
 * verify() - Hold a document against the tables of the language
 * @checks:	The verbs
 *
 * Every mistake is reported, not the first alone.  What is wrong is marked
 * left_out, what holds such a part is tainted, and each scalar that is right
 * has its meaning: the rest of the document can be bound as if it were whole.
 */
void verify(struct document *document, const struct lc_check *const *checks,
	    struct lc_problems *problems);

#endif
