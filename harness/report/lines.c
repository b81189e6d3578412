// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lines.c - what a program said, as notes of a verdict
 */
#include <string.h>

#include <labcheck/report.h>

enum {
	LINES_MAX = 10,
	LINE_MAX = 200,
};

static void note_line(struct lc_verdict *v, const char *key, const char *text,
		      size_t length)
{
	char line[LINE_MAX + 1];
	size_t kept = length < LINE_MAX ? length : LINE_MAX;

	/* A '\0' would end the note; all else is escaped where it is shown */
	for (size_t i = 0; i < kept; i++)
		line[i] = text[i] ? text[i] : '?';
	line[kept] = '\0';
	lc_verdict_note(v, key, "%s%s", line, kept < length ? " ..." : "");
}

void lc_verdict_lines(struct lc_verdict *v, const char *key, const char *text,
		      size_t length)
{
	const char *end = text + length;

	if (length == 0)
		lc_verdict_note(v, key, "(nothing)");
	for (int lines = 0; text < end; lines++) {
		const char *next = memchr(text, '\n', (size_t)(end - text));

		if (lines == LINES_MAX) {
			lc_verdict_note(v, key, "(%zu bytes more)",
					(size_t)(end - text));
			return;
		}
		note_line(v, key, text, (size_t)((next ?: end) - text));
		text = next ? next + 1 : end;
	}
}
