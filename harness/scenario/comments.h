/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * comments.h - where a comment cuts a text short
 */
#ifndef SCENARIO_COMMENTS_H
#define SCENARIO_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>

/** struct comments - How far a source was searched for them; lines count from 0 */
struct comments {
	const char *p, *end;
	size_t line, column;
};

void comments_init(struct comments *comments, const char *text, size_t length);

/** comments_cut() - Whether one stands right behind a place, as if part of a text;
 * places are asked for in their order */
bool comments_cut(struct comments *comments, size_t line, size_t column);

#endif
