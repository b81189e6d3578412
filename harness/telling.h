/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * telling.h - where verdicts go, and what status they end with
 */
#ifndef HARNESS_TELLING_H
#define HARNESS_TELLING_H

#include "report/tap.h"

struct options;
struct result;
struct suite_file;

/**
 * struct telling - What one call of labcheck has to say
 * @prefixes:	Each title begins with its file
 * @error:	Standard output could not be written: an errno, or 0
 */
struct telling {
	const struct options *options;
	struct tap tap;
	bool prefixes;
	bool failed, broken;
	int error;
};

/** telling_begin() - @count: how many steps will be told */
void telling_begin(struct telling *t, const struct options *options,
		   unsigned long count);

/** telling_step() - @result is emptied */
void telling_step(struct telling *t, const struct suite_file *file,
		  uint32_t step, struct result *result);

/** telling_end() - The exit status, once all is told */
int telling_end(struct telling *t);

#endif
