// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scalar.c - texts in the YAML blocks of TAP
 *
 * A block is read by real YAML parsers (tap-parser), by a few regular
 * expressions (Perl's YAMLish, behind prove) and by people.  So a text stands
 * plain where all agree about it.  Else it is quoted.  In an item of a list
 * YAMLish takes a colon with a space behind it for a mapping even inside quotes,
 * so there it is written as `:\x20`: both know that escape.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/scalar.h"
#include "scenario/utf8.h"

/* Of bytes; readers have limits for a line, and so do eyes */
enum { SCALAR_MAX = 2000 };

/* Words that YAML 1.1 or 1.2 take for something else than text */
static bool is_word_of_yaml(const char *text)
{
	static const char *const words[] = {
		"true", "false", "null", "yes", "no", "on", "off", "y", "n",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

/* Numbers that would not come back as they were written: 010, 1.50, 10:20, a
 * date; plain is only what is a decimal number and nothing else */
static bool is_odd_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	char *end;

	if (!text[digits])
		return (text[0] == '0' && digits > 1) || digits > 15;
	if (!text[strspn(text, "0123456789_:-")])
		return true;
	if (text[0] == '0' && isalpha((unsigned char)text[1]))
		return true;
	strtod(text, &end);
	return end != text && !*end;
}

static bool is_plain(const char *text)
{
	const char *end = text + strlen(text), *p = text;

	if (!isalnum((unsigned char)*text) && !strchr("/_(<$", *text))
		return false;
	if (!*text || end[-1] == ' ' || end[-1] == ':' || end - text > SCALAR_MAX)
		return false;
	if (strstr(text, ": ") || strstr(text, " #"))
		return false;
	while (p < end) {
		uint32_t character = utf8_next(&p, end);

		if (character == UTF8_BAD || utf8_is_harmful(character))
			return false;
	}
	return !is_word_of_yaml(text) && !is_odd_number(text);
}

static void write_character(FILE *out, uint32_t character, const char *from,
			    const char *to)
{
	switch (character) {
	case '"':
	case '\\':
		fprintf(out, "\\%c", (int)character);
		return;
	case '\n':
		fputs("\\n", out);
		return;
	case '\t':
		fputs("\\t", out);
		return;
	case UTF8_BAD:
		fprintf(out, "\\x%02x", (unsigned char)*from);
		return;
	}
	if (!utf8_is_harmful(character))
		fwrite(from, 1, (size_t)(to - from), out);
	else if (character < 0x100)
		fprintf(out, "\\x%02x", character);
	else if (character < 0x10000)
		fprintf(out, "\\u%04x", character);
	else
		fprintf(out, "\\U%08x", character);
}

static void write_quoted(FILE *out, const char *text, bool item)
{
	const char *p = text, *end = text + strlen(text);
	uint32_t before = 0;

	fputc('"', out);
	while (p < end && p - text < SCALAR_MAX) {
		const char *from = p;
		uint32_t character = utf8_next(&p, end);

		if (item && character == ' ' && before == ':')
			fputs("\\x20", out);
		else
			write_character(out, character, from, p);
		before = character;
	}
	fputs(p < end ? " ...\"" : "\"", out);
}

void scalar_write(FILE *out, const char *text)
{
	if (is_plain(text))
		fputs(text, out);
	else
		write_quoted(out, text, false);
}

void scalar_write_item(FILE *out, const char *text)
{
	if (is_plain(text))
		fputs(text, out);
	else
		write_quoted(out, text, true);
}
