// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verdict.c - the verdict on a step, and what is told with it
 *
 * An error outranks a skip, a skip a failure, a failure a pass: what could not
 * be measured is never softened by what was.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/report.h>

static char *__attribute__((format(printf, 1, 0)))
format_text(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		return NULL;
	return text;
}

void lc_verdict_init(struct lc_verdict *v)
{
	memset(v, 0, sizeof(*v));
}

void lc_verdict_done(struct lc_verdict *v)
{
	for (size_t i = 0; i < v->note_count; i++) {
		free(v->notes[i].key);
		free(v->notes[i].value);
	}
	free(v->notes);
	free(v->reason);
	lc_verdict_init(v);
}

static void add_note(struct lc_verdict *v, const char *key, char *value)
{
	struct lc_note *notes;

	notes = reallocarray(v->notes, v->note_count + 1, sizeof(*notes));
	if (!notes) {
		free(value);
		return;
	}
	v->notes = notes;
	v->notes[v->note_count++] = (struct lc_note){ strdup(key), value };
}

void lc_verdict_note(struct lc_verdict *v, const char *key,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_note(v, key, format_text(format, args));
	va_end(args);
}

static void worsen(struct lc_verdict *v, enum lc_result result)
{
	static const int rank[] = {
		[LC_PASS] = 0, [LC_FAIL] = 1, [LC_SKIP] = 2, [LC_ERROR] = 3,
	};

	if (rank[result] > rank[v->result])
		v->result = result;
}

void lc_verdict_fail(struct lc_verdict *v, const char *format, ...)
{
	va_list args;

	worsen(v, LC_FAIL);
	va_start(args, format);
	add_note(v, "why", format_text(format, args));
	va_end(args);
}

void lc_verdict_expect(struct lc_verdict *v, const char *expected,
		       const char *got)
{
	worsen(v, LC_FAIL);
	lc_verdict_note(v, "expected", "%s", expected);
	lc_verdict_note(v, "got", "%s", got);
}

static void __attribute__((format(printf, 3, 0)))
set_reason(struct lc_verdict *v, enum lc_result result, const char *format,
	   va_list args)
{
	/* The first reason of the worst kind is the one to read */
	if (v->result == result && v->reason)
		return;
	worsen(v, result);
	if (v->result != result)
		return;
	free(v->reason);
	v->reason = format_text(format, args);
}

void lc_verdict_error(struct lc_verdict *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_reason(v, LC_ERROR, format, args);
	va_end(args);
}

void lc_verdict_skip(struct lc_verdict *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_reason(v, LC_SKIP, format, args);
	va_end(args);
}
