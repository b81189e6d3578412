/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quote.h - texts as a shell reads them
 */
#ifndef SCENARIO_QUOTE_H
#define SCENARIO_QUOTE_H

#include <stdio.h>

/** shell_word() - One word, not the first of a command, quoted if it must be */
void shell_word(FILE *out, const char *text);

/** shell_comment() - End a comment with a text, whatever is in it */
void shell_comment(FILE *out, const char *text);

/** shell_document() - <<'END', the text as it stands, END */
void shell_document(FILE *out, const char *text);

#endif
