/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * details.h - what is told of a step that did not pass, as lines
 */
#ifndef REPORT_DETAILS_H
#define REPORT_DETAILS_H

#include <stddef.h>

struct record_scenario;
struct record_step;

/**
 * details_text() - Place, notes and hint, a line each
 *
 * Return: the text, without a line feed at its end; NULL: out of memory
 */
char *details_text(const struct record_scenario *scenario,
		   const struct record_step *step);

/** details_short() - The same in one short line: what was expected and found */
const char *details_short(const struct record_step *step, char *text,
			  size_t size);

#endif
