/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - the text of a scenario file
 */
#ifndef SCENARIO_SOURCE_H
#define SCENARIO_SOURCE_H

#include <stddef.h>

struct lc_err;

enum { SOURCE_MAX_BYTES = 16 << 20 };

struct source {
	char *path;
	char *text;		/* '\0' behind it */
	size_t length;
};

/** source_read() - Read a file of at most SOURCE_MAX_BYTES; "-": stdin */
int source_read(struct source *source, const char *path, struct lc_err *err);
void source_done(struct source *source);

/** source_line() - Where line @line (from 1) begins, and its length */
const char *source_line(const struct source *source, unsigned int line,
			size_t *ret_length);

#endif
