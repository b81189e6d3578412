// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * github.c - what GitHub Actions shows of a record
 *
 * An annotation is a line that the runner takes for a command, out of what a
 * program prints on either stream:
 *
 *	::error file=nat.yaml,line=31,col=5,title=...::first line%0Asecond line
 *
 * A line feed ends it, and a colon or a comma ends a property, so these are
 * escaped: else a text of somebody else's could be a command.  The summary is
 * Markdown, in which HTML may stand; HTML can be escaped without knowing the
 * many ways of Markdown, and a block of it lasts until an empty line.  What is
 * beyond the limit of a summary makes GitHub refuse all of it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "report/details.h"
#include "report/github.h"
#include "report/plain.h"
#include "report/record.h"

/* Of the 1 MiB that there are for a step */
enum { SUMMARY_MAX = 900 << 10 };

static void write_escaped(FILE *out, const char *text, bool property)
{
	lc_auto(lc_free) char *plain = plain_text(text, true);

	for (const char *p = plain ?: ""; *p; p++) {
		if (*p == '%' || *p == '\n' ||
		    (property && (*p == ':' || *p == ',')))
			fprintf(out, "%%%02X", (unsigned char)*p);
		else
			fputc(*p, out);
	}
}

static bool is_bad(const struct record_step *step)
{
	return step->verdict.result == LC_ERROR ||
	       (step->verdict.result == LC_FAIL && !record_is_todo(step));
}

static void annotate_step(FILE *out, const struct record_scenario *s,
			  const struct record_step *step)
{
	lc_auto(lc_free) char *details = details_text(s, step);

	fputs("::error file=", out);
	write_escaped(out, s->path, true);
	fprintf(out, ",line=%u,col=%u,title=", step->at.line, step->at.column);
	write_escaped(out, step->title ?: "", true);
	fputs("::", out);
	write_escaped(out, details ?: "", false);
	fputc('\n', out);
}

void github_annotate(const struct record *record, FILE *out)
{
	for (size_t i = 0; i < record->scenario_count; i++) {
		const struct record_scenario *s = &record->scenarios[i];

		for (size_t k = 0; k < s->step_count; k++)
			if (is_bad(&s->steps[k]))
				annotate_step(out, s, &s->steps[k]);
	}
	if (record->ended) {
		fputs("::error title=labcheck::", out);
		write_escaped(out, record->ended, false);
		fputc('\n', out);
	}
}

/* No empty line, which would end the block */
static void write_html(FILE *out, const char *text)
{
	lc_auto(lc_free) char *plain = plain_text(text, true);

	for (const char *p = plain ?: ""; *p; p++) {
		switch (*p) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\n':
			fputs("&#10;", out);
			break;
		default:
			fputc(*p, out);
		}
	}
}

static void write_row(FILE *out, const struct record_scenario *s)
{
	struct record_sums sums = { 0 };

	record_sum_scenario(s, &sums);
	fputs("<tr><td>", out);
	write_html(out, s->path);
	fprintf(out,
		"</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%.1f s</td></tr>\n",
		sums.passed, sums.failed + sums.errors, sums.skipped, sums.todo,
		(double)s->elapsed_ns / 1e9);
}

static void write_table(FILE *out, const struct record *record)
{
	size_t left = 0;

	fputs("<table>\n<tr><th>scenario</th><th>passed</th><th>failed</th><th>skipped</th><th>todo</th><th>time</th></tr>\n",
	      out);
	for (size_t i = 0; i < record->scenario_count; i++) {
		if (ftell(out) < SUMMARY_MAX / 2)
			write_row(out, &record->scenarios[i]);
		else
			left++;
	}
	fputs("</table>\n\n", out);
	if (left)
		fprintf(out, "%zu scenarios more are not shown.\n\n", left);
}

static void write_step(FILE *out, const struct record_scenario *s,
		       const struct record_step *step)
{
	lc_auto(lc_free) char *details = details_text(s, step);

	fputs("<details><summary>", out);
	write_html(out, s->path);
	fputs(": ", out);
	write_html(out, step->title);
	fputs("</summary><pre>", out);
	write_html(out, details);
	fputs("</pre></details>\n\n", out);
}

static void write_bad(FILE *out, const struct record *record)
{
	size_t left = 0;

	for (size_t i = 0; i < record->scenario_count; i++) {
		const struct record_scenario *s = &record->scenarios[i];

		for (size_t k = 0; k < s->step_count; k++) {
			if (!is_bad(&s->steps[k]))
				continue;
			if (ftell(out) < SUMMARY_MAX)
				write_step(out, s, &s->steps[k]);
			else
				left++;
		}
	}
	if (left)
		fprintf(out, "%zu failures more are not shown.\n\n", left);
}

static void write_summary(FILE *out, const struct record *record)
{
	struct record_sums sums;

	record_sum(record, &sums);
	fprintf(out,
		"### labcheck: %zu passed, %zu failed, %zu errors, %zu skipped, %zu todo\n\n",
		sums.passed, sums.failed, sums.errors, sums.skipped, sums.todo);
	if (record->ended) {
		fputs("<p><b>", out);
		write_html(out, record->ended);
		fputs("</b></p>\n\n", out);
	}
	write_table(out, record);
	write_bad(out, record);
}

/* In memory first, where it can be measured */
void github_summarize(const struct record *record, FILE *out)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	write_summary(memory, record);
	if (!fclose(memory))
		fputs(text, out);
	free(text);
}
