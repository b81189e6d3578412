// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress.c - what a long run is at, for who sits before a terminal
 *
 * It stands on the last line and is wiped off before TAP is written, which may
 * go to the same terminal.  A line that is longer than the terminal is wide
 * could not be wiped off: so it is cut, and a character that might be two
 * columns wide is counted as two.  The first second it keeps quiet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "job.h"
#include "progress.h"
#include "report/plain.h"
#include "scenario/utf8.h"
#include "suite.h"

#define MS	 1000000ull
#define QUIET_NS (1000 * MS)
#define TICK_NS	 (250 * MS)

enum { COLUMNS = 80, COLUMNS_MAX = 400 };

void progress_begin(struct progress *p)
{
	const char *terminal = getenv("TERM");

	*p = (struct progress){
		.terminal = isatty(STDERR_FILENO) && terminal &&
			    *terminal && strcmp(terminal, "dumb"),
		.next_ns = clock_ns() + QUIET_NS,
	};
}

int progress_wait_ms(const struct progress *p)
{
	uint64_t now = clock_ns();

	if (!p->terminal)
		return -1;
	return now < p->next_ns ? (int)((p->next_ns - now) / MS) + 1 : 0;
}

static size_t columns_of_terminal(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return COLUMNS;
	return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

/* Where a text has taken @columns, or its end */
static size_t cut(const char *text, size_t columns)
{
	const char *p = text, *end = text + strlen(text);

	while (p < end) {
		const char *from = p;
		size_t width = utf8_next(&p, end) < 0x80 ? 1 : 2;

		if (width > columns)
			return (size_t)(from - text);
		columns -= width;
	}
	return (size_t)(end - text);
}

static void write_what(FILE *out, const struct job *job)
{
	const struct scenario *s = job->file->loaded.scenario;

	fprintf(out, "%s: ", job->file->path);
	if (job->heard < s->steps_count && !job->built_ns)
		fputs("building the lab", out);
	else if (job->heard < s->steps_count)
		fprintf(out, "step %u of %u, %s", job->heard + 1,
			s->steps_count, s->steps[job->heard].title);
	else
		fputs("taking the lab down", out);
}

static void write_line(FILE *out, const struct progress_state *state,
		       const struct job *job, uint64_t now_ns)
{
	if (state->total > 1)
		fprintf(out, "%lu/%lu ", state->done + 1, state->total);
	fprintf(out, "[%llu s] ",
		(unsigned long long)(now_ns - job->began_ns) / 1000000000);
	if (state->running > 1)
		fprintf(out, "(and %zu more) ", state->running - 1);
	write_what(out, job);
}

void progress_text(char *text, size_t size, size_t columns,
		   const struct progress_state *state, const struct job *job,
		   uint64_t now_ns)
{
	lc_auto(lc_free) char *line = NULL, *plain = NULL;
	size_t length;
	FILE *out = open_memstream(&line, &length);

	*text = '\0';
	if (!out)
		return;
	write_line(out, state, job, now_ns);
	if (fclose(out))
		return;
	plain = plain_text(line, true);
	if (!plain)
		return;
	/* Of the two that may be shown, neither moves on by one */
	for (char *p = plain; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	snprintf(text, size, "%.*s", (int)cut(plain, columns - 1), plain);
}

static void put(const char *text)
{
	/* Nobody is helped by knowing that it could not be shown */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

void progress_show(struct progress *p, const struct progress_state *state,
		   const struct job *job)
{
	char text[4 * COLUMNS_MAX + 1], line[sizeof(text) + 8];
	uint64_t now = clock_ns();

	if (!p->terminal || now < p->next_ns)
		return;
	progress_text(text, sizeof(text), columns_of_terminal(), state, job,
		      now);
	snprintf(line, sizeof(line), "\r%s\033[K", text);
	put(line);
	p->shown = true;
	p->next_ns = now + TICK_NS;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		put("\r\033[K");
	p->shown = false;
}
