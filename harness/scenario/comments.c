// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * comments.c - where a comment cuts a text short
 *
 * "name: the #1 lab" is the text "the": what looks like a part of it is a comment to
 * YAML.  libyaml does not tell of comments; so the source is looked at, once, as
 * texts come.
 */
#include <string.h>

#include "scenario/comments.h"
#include "scenario/utf8.h"

void comments_init(struct comments *c, const char *text, size_t length)
{
	*c = (struct comments){ .p = text, .end = text + length };
}

bool comments_cut(struct comments *c, size_t line, size_t column)
{
	size_t blanks;

	while (c->p < c->end &&
	       (c->line < line ||
		(c->line == line && c->column < column))) {
		uint32_t character = utf8_next(&c->p, c->end);

		c->column++;
		if (character == '\n' || (character == '\r' && *c->p != '\n')) {
			c->line++;
			c->column = 0;
		}
	}
	blanks = strspn(c->p, " \t");
	return blanks && c->p[blanks] == '#' &&
	       (blanks == 1 || !strchr(" \t#\r\n", c->p[blanks + 1]));
}
