// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suggestion.c - "did you mean ...?"
 *
 * Nearness is the least number of letters to add, drop, change or swap with
 * their neighbour (optimal string alignment).  Letters of another case count as
 * the same.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "scenario/suggestion.h"

enum { NAME_MAX_COMPARED = 48 };

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t alignment(const char *a, size_t a_length, const char *b,
			size_t b_length)
{
	size_t rows[3][NAME_MAX_COMPARED + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t change = !same(a[i - 1], b[j - 1]);

			row[j] = least(above[j - 1] + change,
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				row[j] = least(row[j],
					       rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

void suggestion_begin(struct suggestion *s, const char *wanted)
{
	size_t length = strlen(wanted);

	*s = (struct suggestion){
		.wanted = wanted,
		.distance = length < 5 ? 2 : length < 8 ? 3 : 4,
	};
}

void suggestion_try(struct suggestion *s, const char *name)
{
	size_t a = strlen(s->wanted), b = strlen(name), distance;

	if (a > NAME_MAX_COMPARED || b > NAME_MAX_COMPARED ||
	    (a > b ? a - b : b - a) >= s->distance)
		return;
	distance = alignment(s->wanted, a, name, b);
	/* Where every letter would change, nothing was meant */
	if (distance < s->distance && distance < (a > b ? a : b)) {
		s->distance = distance;
		s->best = name;
	}
}

void suggestion_words(struct suggestion *s, const char *const *words)
{
	for (; *words; words++)
		suggestion_try(s, *words);
}

const char *suggestion_text(const struct suggestion *s,
			    char text[SUGGESTION_SIZE])
{
	text[0] = '\0';
	if (s->best)
		snprintf(text, SUGGESTION_SIZE, "; did you mean '%s'?",
			 s->best);
	return text;
}
