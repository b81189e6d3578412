// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * grid.c - who is to reach whom, as a table that is read and printed
 *
 * Rows send, columns are sent to:
 *
 *	.    u1 u2 lan
 *	u1   .  +  +
 *	u2   +  .  +
 *	lan  -  -  .
 *
 * + the first outcome, d drop, x a reject or a reset, c no carrier at the sender,
 * - any other but c (see lc_seen_is()), . not asked.  In what is printed of a
 * run there is also ! for an answer by somebody else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "grid.h"

/* What a table's letter says; 0: no letter */
static bool letter_is(char letter, const struct lc_seen *seen)
{
	switch (letter) {
	case '+':
		return seen->outcome == LC_REPLY;
	case '-':
		return lc_seen_is(LC_EXPECT_FAIL, seen);
	case 'd':
		return seen->outcome == LC_DROP;
	case 'c':
		return seen->outcome == LC_NO_CARRIER || seen->cut_off;
	case 'x':
		return seen->outcome == LC_REFUSED ||
		       lc_seen_is(LC_REJECT, seen);
	}
	return true;
}

static char letter_of(const struct lc_seen *seen)
{
	if (seen->outcome == LC_OUTCOME_ERROR)
		return '?';
	if (seen->outcome == LC_REPLY)
		return seen->flaw ? '!' : '+';
	if (letter_is('x', seen))
		return 'x';
	if (letter_is('c', seen))
		return 'c';
	return seen->outcome == LC_DROP ? 'd' : '-';
}

/* The words of one line; @line is cut up.  Return: how many */
static size_t split(char *line, char **words, size_t max)
{
	char *save = NULL;
	size_t n = 0;

	for (char *w = strtok_r(line, " \t\r", &save); w && n < max;
	     w = strtok_r(NULL, " \t\r", &save))
		words[n++] = w;
	return n;
}

void grid_done(struct grid *t)
{
	free(t->text);
	free(t->names);
	free(t->cells);
}

static size_t grid_index(const struct grid *t, const char *name)
{
	size_t i = 0;

	while (i < t->size && strcmp(t->names[i], name))
		i++;
	return i;
}

static int read_row(struct grid *t, const char **columns, size_t count,
		     char **words, size_t n, struct lc_err *err)
{
	size_t row = grid_index(t, words[0]);

	if (row == t->size)
		return lc_err_set(err, -EINVAL,
				  "the table's row '%s' is none of its columns",
				  words[0]);
	if (t->cells[row * t->size])
		return lc_err_set(err, -EINVAL, "the table has two rows for '%s'",
				  words[0]);
	if (n != count + 1)
		return lc_err_set(err, -EINVAL,
				  "the table's row '%s' has %zu cells for %zu columns",
				  words[0], n - 1, count);
	for (size_t i = 0; i < count; i++) {
		if (strlen(words[i + 1]) != 1 ||
		    !strchr("+-dxc.", words[i + 1][0]))
			return lc_err_set(err, -EINVAL,
					  "a cell of the table is +, -, d, x, c or ., not '%s'",
					  words[i + 1]);
		if (i == row && words[i + 1][0] != '.')
			return lc_err_set(err, -EINVAL,
					  "the table asks '%s' about itself: say .",
					  words[0]);
		t->cells[row * t->size + grid_index(t, columns[i])] =
			words[i + 1][0];
	}
	return 0;
}

static int read_header(struct grid *t, char **words, size_t n,
			struct lc_err *err)
{
	if (n < 2 || strcmp(words[0], "."))
		return lc_err_set(err, -EINVAL,
				  "`expect` is all, none, or a table whose first line is `. NAME NAME ...`");
	t->size = n - 1;
	t->names = calloc(t->size, sizeof(*t->names));
	t->cells = calloc(t->size * t->size + 1, 1);
	if (!t->names || !t->cells)
		return lc_err_set(err, -ENOMEM, "out of memory");
	memcpy(t->names, words + 1, t->size * sizeof(*words));
	for (size_t i = 0; i < t->size; i++)
		if (grid_index(t, t->names[i]) != i)
			return lc_err_set(err, -EINVAL,
					  "the table has two columns for '%s'",
					  t->names[i]);
	return 0;
}

enum { TABLE_MAX = 1024 };

int grid_read(struct grid *t, const struct lc_value *expect,
		      struct lc_err *err)
{
	lc_auto(lc_free) char **words = calloc(TABLE_MAX, sizeof(*words));
	char *save = NULL;
	int r = 0;

	if (!expect->text || !strcmp(expect->text, "all"))
		t->all = '+';
	else if (!strcmp(expect->text, "none"))
		t->all = '-';
	if (t->all)
		return 0;
	t->text = strdup(expect->text);
	if (!words || !t->text)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (char *line = strtok_r(t->text, "\n", &save); line && !r;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t n = split(line, words, TABLE_MAX);

		if (!n)
			continue;
		r = t->cells ? read_row(t, (const char **)t->names, t->size,
					 words, n, err) :
			       read_header(t, words, n, err);
	}
	for (size_t i = 0; !r && i < t->size * t->size; i++)
		if (!t->cells[i])
			return lc_err_set(err, -EINVAL,
					  "the table has no row for '%s'",
					  t->names[i / t->size]);
	if (!r && (!t->cells || !strpbrk(t->cells, "+-dxc")))
		return lc_err_set(err, -EINVAL,
				  "the table asks for no pair: this asserts nothing");
	return r;
}

bool grid_speaks_of(const struct grid *t, const char *name)
{
	return t->all || grid_index(t, name) < t->size;
}

char grid_cell(const struct grid *t, const char *from, const char *to)
{
	size_t row, column;

	if (t->all)
		return t->all;
	row = grid_index(t, from);
	column = grid_index(t, to);
	if (row == t->size || column == t->size)
		return 0;
	return t->cells[row * t->size + column];
}

bool grid_holds(const struct grid *grid, const struct lc_seen *seen)
{
	return letter_is(grid_cell(grid, seen->from, seen->to), seen) &&
	       (seen->outcome != LC_REPLY || !seen->flaw);
}

static char letter_expected(const struct grid *grid, const struct lc_seen *seen)
{
	return grid_cell(grid, seen->from, seen->to);
}

static char letter_actual(const struct grid *grid, const struct lc_seen *seen)
{
	(void)grid;
	return letter_of(seen);
}

static char letter_difference(const struct grid *grid,
			      const struct lc_seen *seen)
{
	return grid_holds(grid, seen) ? '.' : 'X';
}

static size_t collect(const char **names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return n;
	names[n] = name;
	return n + 1;
}

/* The columns: all targets, in the order of the rows.  Return: how many;
 * @names has room for two per pair */
static size_t collect_targets(const struct lc_seen *seen, size_t count,
			      const char **names)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n = collect(names, n, seen[i].from);
	for (size_t i = 0; i < count; i++)
		n = collect(names, n, seen[i].to);
	return n;
}

/**
 * struct print - A row of the print
 * @row:	The pairs of one sender
 * @names:	The columns
 */
struct print {
	const struct grid *grid;
	const struct lc_seen *row;
	size_t count;
	const char **names;
	size_t width;
};

/* Wide enough for the columns and for the word above them */
static int section_width(const struct print *p)
{
	int width = (int)strlen("difference") + 1;
	int names = 0;

	for (size_t n = 0; n < p->width; n++)
		names += 1 + (int)strlen(p->names[n]);
	return names > width ? names : width;
}

static void print_cells(const struct print *p, FILE *out,
			char (*letter)(const struct grid *grid,
				       const struct lc_seen *seen))
{
	int width = section_width(p);

	fputs(" |", out);
	for (size_t n = 0; n < p->width; n++) {
		char cell = '.';

		for (size_t i = 0; i < p->count; i++)
			if (!strcmp(p->row[i].to, p->names[n]))
				cell = letter(p->grid, &p->row[i]);
		width -= fprintf(out, " %-*c", (int)strlen(p->names[n]), cell);
	}
	fprintf(out, "%*s", width, "");
}

/* A title, or the names of the columns */
static void print_heads(const struct print *p, FILE *out, const char *title)
{
	int width = section_width(p);

	fputs(" |", out);
	if (title)
		width -= fprintf(out, " %s", title);
	for (size_t n = 0; !title && n < p->width; n++)
		width -= fprintf(out, " %s", p->names[n]);
	fprintf(out, "%*s", width, "");
}

static void note_line(const struct print *p, int margin, const char *title,
		      struct lc_verdict *v)
{
	lc_auto(lc_free) char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	if (p->row) {
		fprintf(out, "%-*s", margin, p->row->from);
		print_cells(p, out, letter_expected);
		print_cells(p, out, letter_actual);
		print_cells(p, out, letter_difference);
	} else {
		fprintf(out, "%-*s", margin, title ? "from" : "to");
		print_heads(p, out, title ? "expected" : NULL);
		print_heads(p, out, title ? "actual" : NULL);
		print_heads(p, out, title ? "difference" : NULL);
	}
	fclose(out);
	while (size && text[size - 1] == ' ')
		text[--size] = '\0';
	lc_verdict_note(v, "pairs", "%s", text);
}

void grid_note(const struct grid *grid, const struct lc_seen *seen,
	       size_t count, struct lc_verdict *v)
{
	lc_auto(lc_free) const char **names = calloc(2 * count + 1, sizeof(*names));
	struct print p = { .grid = grid, .names = names };
	int margin = 4;

	if (!names)
		return;
	p.width = collect_targets(seen, count, names);
	for (size_t i = 0; i < count; i++)
		if ((int)strlen(seen[i].from) > margin)
			margin = (int)strlen(seen[i].from);
	note_line(&p, margin, "expected", v);
	note_line(&p, margin, NULL, v);
	for (size_t i = 0; i < count; i += p.count) {
		p.row = &seen[i];
		p.count = 1;
		while (i + p.count < count &&
		       !strcmp(seen[i + p.count].from, seen[i].from))
			p.count++;
		note_line(&p, margin, NULL, v);
	}
}
