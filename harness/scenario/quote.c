// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quote.c - texts as a shell reads them (POSIX.1-2017, 2.2 and 2.7.4)
 */
#include <stdbool.h>
#include <string.h>

#include "quote.h"

static bool is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./:,+@%=";

	return *text && !text[strspn(text, plain)];
}

void shell_word(FILE *out, const char *text)
{
	if (is_plain(text)) {
		fputs(text, out);
		return;
	}
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	}
	putc('\'', out);
}

void shell_comment(FILE *out, const char *text)
{
	putc(' ', out);
	for (; *text; text++)
		putc((unsigned char)*text < ' ' ? ' ' : *text, out);
	putc('\n', out);
}

/* Whether a text has a line that is just this word */
static bool has_line(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, word, length) &&
		    (text[length] == '\n' || !text[length]))
			return true;
	}
	return false;
}

void shell_document(FILE *out, const char *text)
{
	char end[32] = "EOF";
	size_t length = strlen(text);
	unsigned int i;

	for (i = 1; has_line(text, end); i++)
		snprintf(end, sizeof(end), "EOF_%u", i);
	fprintf(out, " <<'%s'\n%s%s%s\n", end, text,
		length && text[length - 1] == '\n' ? "" : "\n", end);
}
