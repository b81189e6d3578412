/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * excuse.h - why a mutant of a lab cannot matter, as its file says
 */
#ifndef SCENARIO_EXCUSE_H
#define SCENARIO_EXCUSE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct source;

/**
 * struct excuse - A comment `# doubt: WORDS: REASON`
 * @text:	WORDS: REASON
 */
struct excuse {
	unsigned int line;
	const char *text;
};

/** excuses_read() - All of a file, in their order */
void excuses_read(struct arena *arena, const struct source *source,
		  struct excuse **ret_excuses, size_t *ret_count);

/** excuse_is_for() - Whether it has these words, and a reason */
bool excuse_is_for(const struct excuse *excuse, const char *words);

#endif
