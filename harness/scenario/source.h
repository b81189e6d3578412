/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - the text of a scenario file
 */
#ifndef SCENARIO_SOURCE_H
#define SCENARIO_SOURCE_H

#include <stddef.h>

struct lc_err;
struct lc_problems;

enum { SOURCE_MAX_BYTES = 16 << 20 };

struct source {
	char *path;
	char *text;		/* '\0' behind it */
	size_t length;
};

/**
 * source_read() - Read a file of at most SOURCE_MAX_BYTES; "-": stdin
 *
 * Return: 0, or -errno with the reason, without the path, in @err
 */
int source_read(struct source *source, const char *path, struct lc_err *err);

/** source_from_memory() - The same of bytes at hand, which are copied */
int source_from_memory(struct source *source, const char *path,
		       const void *bytes, size_t length, struct lc_err *err);
void source_done(struct source *source);

/**
 * source_verify() - Report what is no text: binary, bad UTF-8, nothing at all
 *
 * Only the first such place is reported.  What passes has one line break for
 * YAML where it has one for an editor, so that both count lines alike.
 */
void source_verify(const struct source *source, struct lc_problems *problems);

/** source_line() - Where line @line (from 1) begins, and its length */
const char *source_line(const struct source *source, unsigned int line,
			size_t *ret_length);

/** source_next_line() - The line behind the one at @line, or NULL */
const char *source_next_line(const struct source *source, const char *line);

#endif
