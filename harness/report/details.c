// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * details.c - what is told of a step that did not pass, as lines
 */
#include <stdio.h>
#include <string.h>

#include "report/details.h"
#include "report/record.h"

static void write_lines(FILE *out, const struct record_scenario *scenario,
			const struct record_step *step)
{
	const struct lc_verdict *v = &step->verdict;

	fprintf(out, "at: %s:%u:%u", scenario->path, step->at.line,
		step->at.column);
	if (v->reason)
		fprintf(out, "\n%s: %s",
			v->result == LC_ERROR ? "error" : "skip", v->reason);
	for (size_t i = 0; i < v->note_count; i++)
		fprintf(out, "\n%s: %s", v->notes[i].key ?: "note",
			v->notes[i].value ?: "(out of memory)");
	/* It is about the network, of which an error knows nothing */
	if (step->hint && v->result == LC_FAIL)
		fprintf(out, "\nhint: %s", step->hint);
}

char *details_text(const struct record_scenario *scenario,
		   const struct record_step *step)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write_lines(out, scenario, step);
	return fclose(out) ? NULL : text;
}

static const char *note_of(const struct lc_verdict *v, const char *key)
{
	for (size_t i = 0; i < v->note_count; i++)
		if (v->notes[i].key && v->notes[i].value &&
		    !strcmp(v->notes[i].key, key))
			return v->notes[i].value;
	return NULL;
}

const char *details_short(const struct record_step *step, char *text,
			  size_t size)
{
	const struct lc_verdict *v = &step->verdict;
	const char *expected = note_of(v, "expected"), *got = note_of(v, "got");
	const char *why = v->reason ?: note_of(v, "why");

	if (!why && expected && got)
		snprintf(text, size, "expected %s, got %s", expected, got);
	else
		snprintf(text, size, "%s", why ?: "it is not so");
	return text;
}
