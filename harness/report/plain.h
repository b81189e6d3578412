/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plain.h - any text as one that a format can hold
 */
#ifndef REPORT_PLAIN_H
#define REPORT_PLAIN_H

#include <stdbool.h>

/**
 * plain_text() - A copy that is valid UTF-8
 * @printable:	Nor has it characters that are not to be seen but tab and line
 *		feed: of XML 1.0 they are no part, not even escaped
 *
 * Return: the copy; NULL: out of memory, or @text is NULL
 */
char *plain_text(const char *text, bool printable);

#endif
