/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * emit.h - a verified document as plain YAML again
 */
#ifndef SCENARIO_EMIT_H
#define SCENARIO_EMIT_H

#include <stddef.h>

struct document;

/**
 * emit() - Write a document without what is left out, and without aliases
 * @ret_text:	To be freed
 *
 * All scalars are in double quotes, so that nothing is left to interpret.
 */
void emit(const struct document *document, char **ret_text,
	  size_t *ret_length);

#endif
