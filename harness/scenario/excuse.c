// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * excuse.c - why a mutant of a lab cannot matter, as its file says
 *
 * A parser of YAML keeps no comments, so these are found in the text: lines
 * that hold nothing else.  Where the words end and the reason begins is known
 * only by the words, since both may have colons in them.
 */
#include <string.h>

#include "arena.h"
#include "excuse.h"
#include "source.h"

static const char mark[] = "# doubt:";

static const char *text_of(struct arena *arena, const char *line)
{
	size_t length;
	char *text;

	line += strspn(line, " \t");
	if (strncmp(line, mark, sizeof(mark) - 1) != 0)
		return NULL;
	line += sizeof(mark) - 1;
	line += strspn(line, " \t");
	length = strcspn(line, "\r\n");
	text = arena_alloc(arena, length + 1);
	memcpy(text, line, length);
	return text;
}

void excuses_read(struct arena *arena, const struct source *source,
		  struct excuse **ret_excuses, size_t *ret_count)
{
	const char *line = source->text, *text;
	struct excuse *excuses = NULL;
	unsigned int number = 1;
	size_t count = 0;

	for (; line; line = source_next_line(source, line), number++) {
		text = text_of(arena, line);
		if (!text)
			continue;
		excuses = arena_grow(arena, excuses, count, sizeof(*excuses));
		excuses[count++] = (struct excuse){ number, text };
	}
	*ret_excuses = excuses;
	*ret_count = count;
}

bool excuse_is_for(const struct excuse *excuse, const char *words)
{
	size_t length = strlen(words);
	const char *reason;

	if (strncmp(excuse->text, words, length) != 0 ||
	    excuse->text[length] != ':')
		return false;
	reason = excuse->text + length + 1;
	return reason[strspn(reason, " \t")];
}
