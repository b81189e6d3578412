/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suggestion.h - "did you mean ...?"
 */
#ifndef SCENARIO_SUGGESTION_H
#define SCENARIO_SUGGESTION_H

#include <stddef.h>

/**
 * struct suggestion - The name nearest to one that nothing bears
 * @wanted:	What was written
 * @best:	The nearest so far, or NULL: none is near enough
 * @distance:	Of @best; without one, the least that is too far
 */
struct suggestion {
	const char *wanted;
	const char *best;
	size_t distance;
};

/** suggestion_begin() - Nothing is near enough yet */
void suggestion_begin(struct suggestion *s, const char *wanted);

/** suggestion_try() - One of the names that exist */
void suggestion_try(struct suggestion *s, const char *name);

/** suggestion_words() - Many of them, NULL behind */
void suggestion_words(struct suggestion *s, const char *const *words);

enum { SUGGESTION_SIZE = 128 };

/** suggestion_text() - "; did you mean 'blue'?", or nothing */
const char *suggestion_text(const struct suggestion *s,
			    char text[SUGGESTION_SIZE]);

#endif
