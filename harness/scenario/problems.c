// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * problems.c - mistakes of a scenario file, collected and then shown
 *
 * What is shown quotes a file that anybody may have written, so nothing of it
 * reaches the terminal but printable characters, and no more of a line than
 * fits one.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "scenario/problems.h"
#include "scenario/source.h"
#include "scenario/utf8.h"

enum {
	EXCERPT_WIDTH = 96,	/* of a source line, in characters */
	EXCERPT_BEFORE = 64,	/* of these before the place, at most */
	TEXT_WIDTH = 400,	/* of a message */
};

void problems_init(struct lc_problems *p)
{
	memset(p, 0, sizeof(*p));
}

void problems_done(struct lc_problems *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->items[i].text);
	free(p->items);
	problems_init(p);
}

/* An alias is verified wherever it stands, and its mistakes are told once */
static bool is_known(const struct lc_problems *p, const struct problem *new)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct problem *old = &p->items[i];

		if (old->at.line == new->at.line &&
		    old->at.column == new->at.column &&
		    old->warning == new->warning &&
		    !strcmp(old->text, new->text))
			return true;
	}
	return false;
}

/* Room for one more: of a full list a warning gives way to an error */
static struct problem *make_room(struct lc_problems *p, bool warning)
{
	if (!p->items)
		p->items = calloc(PROBLEMS_MAX, sizeof(*p->items));
	if (!p->items)
		return NULL;
	if (p->count < PROBLEMS_MAX)
		return &p->items[p->count++];
	p->dropped++;
	for (size_t i = 0; !warning && i < p->count; i++) {
		if (!p->items[i].warning)
			continue;
		free(p->items[i].text);
		return &p->items[i];
	}
	return NULL;
}

__attribute__((format(printf, 4, 0)))
static void add(struct lc_problems *p, struct lc_at at, bool warning,
		const char *format, va_list args)
{
	struct problem new = { .at = at, .warning = warning }, *place;

	if (vasprintf(&new.text, format, args) < 0)
		new.text = NULL;
	if (new.text && is_known(p, &new)) {
		free(new.text);
		return;
	}
	if (!warning)
		p->errors++;
	place = new.text ? make_room(p, warning) : NULL;
	if (place)
		*place = new;
	else
		free(new.text);
}

void lc_problem(struct lc_problems *problems, struct lc_at at,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, at, false, format, args);
	va_end(args);
}

void lc_warning(struct lc_problems *problems, struct lc_at at,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, at, true, format, args);
	va_end(args);
}

static int compare(const void *a, const void *b)
{
	const struct problem *x = *(const struct problem *const *)a;
	const struct problem *y = *(const struct problem *const *)b;

	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	if (x->at.column != y->at.column)
		return x->at.column < y->at.column ? -1 : 1;
	return x < y ? -1 : 1;
}

/* Up to @width characters of [p, end), each of them harmless */
static const char *print_harmless(const char *p, const char *end,
				  size_t width, FILE *out)
{
	while (p < end && width--) {
		const char *start = p;
		uint32_t character = utf8_next(&p, end);

		if (utf8_is_harmful(character))
			fputc(character == '\n' || character == '\t' ? ' ' : '?',
			      out);
		else
			fwrite(start, (size_t)(p - start), 1, out);
	}
	return p;
}

/* How many characters of a long line are left out at its beginning */
static uint32_t skipped_of(const char *p, const char *end, uint32_t before)
{
	uint32_t width = 0;

	while (p < end && width <= EXCERPT_WIDTH) {
		utf8_next(&p, end);
		width++;
	}
	if (width <= EXCERPT_WIDTH || before <= EXCERPT_BEFORE)
		return 0;
	return before - EXCERPT_BEFORE;
}

/* The line, or of a long one the part around the column, and a caret.  A tab
 * takes one place, so that the caret needs no arithmetic of a terminal */
static void print_excerpt(const char *line, size_t length, uint32_t column,
			  FILE *out)
{
	const char *p = line, *end = line + length;
	uint32_t before = column - 1;
	uint32_t skipped = skipped_of(line, end, before);

	before -= skipped;
	if (skipped) {
		fputs("...", out);
		before += 3;
	}
	while (p < end && skipped--)
		utf8_next(&p, end);
	p = print_harmless(p, end, EXCERPT_WIDTH, out);
	fputs(p < end ? "...\n" : "\n", out);
	fprintf(out, "%*s^\n", (int)before, "");
}

static void print_path(const struct source *source, FILE *out)
{
	const char *path = source->path;

	print_harmless(path, path + strlen(path), TEXT_WIDTH, out);
}

static void print_problem(const struct problem *problem,
			  const struct source *source, FILE *out)
{
	const char *text = problem->text, *end = text + strlen(text);

	print_path(source, out);
	if (problem->at.line)
		fprintf(out, ":%u:%u", problem->at.line, problem->at.column);
	fputs(problem->warning ? ": warning: " : ": error: ", out);
	text = print_harmless(text, end, TEXT_WIDTH, out);
	fputs(text < end ? "...\n" : "\n", out);
}

void problems_print(const struct lc_problems *p, const struct source *source,
		    FILE *out)
{
	const struct problem *sorted[PROBLEMS_MAX];
	const char *line = source->text;
	uint32_t number = 1;

	for (size_t i = 0; i < p->count; i++)
		sorted[i] = &p->items[i];
	qsort(sorted, p->count, sizeof(*sorted), compare);
	for (size_t i = 0; i < p->count; i++) {
		const struct lc_at *at = &sorted[i]->at;

		print_problem(sorted[i], source, out);
		for (; line && number < at->line; number++)
			line = source_next_line(source, line);
		if (line && at->line && at->column && strcspn(line, "\r\n"))
			print_excerpt(line, strcspn(line, "\r\n"), at->column,
				      out);
	}
	if (!p->dropped)
		return;
	print_path(source, out);
	fprintf(out, ": %zu more problem%s\n", p->dropped,
		p->dropped > 1 ? "s" : "");
}
