// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tap.c - Test Anything Protocol, version 13
 *
 * The specification leaves room, and readers fill it differently.  What is
 * written here is what prove, automake's tap-driver.sh, meson and tap-parser
 * understand alike (ci/tests/tap-consumers.sh asks them):
 *
 * - A `#` in a description begins a directive for some, escaped or not; so
 *   there is none.
 * - A description that ends with `{` opens a subtest for tap-parser.
 * - `not ok ... # SKIP` is a failure for some and a skip for others.
 * - A key that comes twice makes the whole block invalid; what is told twice
 *   under one key becomes a list.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/report.h>

#include "report/scalar.h"
#include "report/tap.h"
#include "scenario/utf8.h"

enum { DESCRIPTION_MAX = 300 };

#define GREEN  "\033[32m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define RESET  "\033[0m"

/*
 * One line of text outside of a block.  NUMBER SIGN becomes FULLWIDTH NUMBER
 * SIGN, which looks like it and is none.
 */
static void write_text(FILE *out, const char *text)
{
	const char *p, *end;
	uint32_t last = 0;
	bool gap = false;

	text = text ? text + strspn(text, " \t\r\n") : "";
	end = text + strlen(text);
	for (p = text; p < end && p - text < DESCRIPTION_MAX;) {
		const char *from = p;
		uint32_t character = utf8_next(&p, end);

		if (character == ' ' || character == '\t' ||
		    character == '\r' || character == '\n') {
			gap = true;
			continue;
		}
		if (gap)
			fputc(' ', out);
		gap = false;
		if (character == '#')
			fputs("\uff03", out);
		else if (character == UTF8_BAD || utf8_is_harmful(character))
			fputc('?', out);
		else
			fwrite(from, 1, (size_t)(p - from), out);
		last = character;
	}
	if (p < end || last == '{')
		fputs(" ...", out);
}

void tap_begin(struct tap *tap, FILE *out, bool colour, unsigned long plan)
{
	*tap = (struct tap){ .out = out, .colour = colour };
	fputs("TAP version 13\n", out);
	if (plan)
		fprintf(out, "1..%lu\n", plan);
	else
		fputs("1..0 # SKIP nothing to run\n", out);
	fflush(out);
}

static void write_result(const struct tap *tap, enum lc_result result)
{
	static const struct {
		const char *text, *colour;
	} words[] = {
		[LC_PASS] = { "ok", GREEN },
		[LC_FAIL] = { "not ok", RED },
		[LC_SKIP] = { "ok", YELLOW },
		[LC_ERROR] = { "not ok", RED },
	};

	if (tap->colour)
		fprintf(tap->out, "%s%s%s", words[result].colour,
			words[result].text, RESET);
	else
		fputs(words[result].text, tap->out);
}

static void write_directive(FILE *out, const char *word, const char *reason)
{
	fprintf(out, " # %s ", word);
	write_text(out, reason && *reason ? reason : "no reason given");
}

static void write_key(FILE *out, const char *key)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_";

	fputs("  ", out);
	if (!*key || !strchr(letters, *key))
		fputc('_', out);
	for (; *key; key++)
		fputc(strchr(letters, *key) || *key == '-' ? *key : '_', out);
}

static void write_pair(FILE *out, const char *key, const char *value)
{
	write_key(out, key);
	fputs(": ", out);
	scalar_write(out, value);
	fputc('\n', out);
}

static void write_at(FILE *out, const struct tap_line *line)
{
	char *at = NULL;

	if (!line->path)
		return;
	if (line->at.line && asprintf(&at, "%s:%u:%u", line->path,
				      line->at.line, line->at.column) < 0)
		at = NULL;
	write_pair(out, "at", at ? at : line->path);
	free(at);
}

static const char *key_of(const struct lc_note *note)
{
	/* The block has these of its own */
	static const char *const taken[][2] = {
		{ "at", "noted_at" },
		{ "error", "noted_error" },
		{ "hint", "noted_hint" },
	};

	for (size_t i = 0; note->key && i < sizeof(taken) / sizeof(*taken); i++)
		if (!strcmp(note->key, taken[i][0]))
			return taken[i][1];
	return note->key ? note->key : "note";
}

static const char *value_of(const struct lc_note *note)
{
	return note->value ? note->value : "(out of memory)";
}

static bool told_before(const struct lc_verdict *v, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(key_of(&v->notes[i]), key_of(&v->notes[index])))
			return true;
	return false;
}

static size_t count_of(const struct lc_verdict *v, const char *key)
{
	size_t count = 0;

	for (size_t i = 0; i < v->note_count; i++)
		count += !strcmp(key_of(&v->notes[i]), key);
	return count;
}

/* All of one key, at the place of the first of them */
static void write_notes(FILE *out, const struct lc_verdict *v, size_t first)
{
	const char *key = key_of(&v->notes[first]);

	if (told_before(v, first))
		return;
	if (count_of(v, key) == 1) {
		write_pair(out, key, value_of(&v->notes[first]));
		return;
	}
	write_key(out, key);
	fputs(":\n", out);
	for (size_t i = first; i < v->note_count; i++) {
		if (strcmp(key_of(&v->notes[i]), key))
			continue;
		fputs("    - ", out);
		scalar_write_item(out, value_of(&v->notes[i]));
		fputc('\n', out);
	}
}

static void write_block(FILE *out, const struct tap_line *line,
			const struct lc_verdict *v)
{
	fputs("  ---\n", out);
	write_at(out, line);
	if (v->result == LC_ERROR)
		write_pair(out, "error",
			   v->reason ? v->reason : "no reason given");
	for (size_t i = 0; i < v->note_count; i++)
		write_notes(out, v, i);
	/* It is about the network, of which an error knows nothing */
	if (line->hint && v->result != LC_ERROR)
		write_pair(out, "hint", line->hint);
	fputs("  ...\n", out);
}

void tap_step(struct tap *tap, const struct tap_line *line,
	      const struct lc_verdict *v)
{
	FILE *out = tap->out;

	write_result(tap, v->result);
	fprintf(out, " %lu - ", ++tap->count);
	if (line->prefix && *line->prefix) {
		write_text(out, line->prefix);
		fputc(' ', out);
	}
	write_text(out, line->title && *line->title ? line->title : "unnamed");
	/* What could not be measured is not a known bug */
	if (v->result == LC_SKIP)
		write_directive(out, "SKIP", v->reason);
	else if (line->todo && v->result != LC_ERROR)
		write_directive(out, "TODO", line->todo);
	fputc('\n', out);
	if (v->result == LC_FAIL || v->result == LC_ERROR)
		write_block(out, line, v);
	fflush(out);
}

static void __attribute__((format(printf, 3, 0)))
write_free_line(struct tap *tap, const char *start, const char *format,
		va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	fputs(start, tap->out);
	write_text(tap->out, text);
	fputc('\n', tap->out);
	fflush(tap->out);
	free(text);
}

void tap_comment(struct tap *tap, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_free_line(tap, "# ", format, args);
	va_end(args);
}

void tap_bail_out(struct tap *tap, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_free_line(tap, "Bail out! ", format, args);
	va_end(args);
}
