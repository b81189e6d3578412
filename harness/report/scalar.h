/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scalar.h - texts in the YAML blocks of TAP
 */
#ifndef REPORT_SCALAR_H
#define REPORT_SCALAR_H

#include <stdio.h>

/**
 * scalar_write() - Write any text as a YAML scalar on one line
 *
 * As it stands where every reader takes that for the same text, else in double
 * quotes.  A text that is too long to be read is cut.
 */
void scalar_write(FILE *out, const char *text);

/** scalar_write_item() - The same as an item of a list */
void scalar_write_item(FILE *out, const char *text);

#endif
