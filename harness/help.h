/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.h - labcheck help
 */
#ifndef HARNESS_HELP_H
#define HARNESS_HELP_H

#include <stdio.h>

/** help_general() - The command line, and the topics */
void help_general(FILE *out);

/**
 * help_topic() - A verb, or a part of the language, from its own table
 *
 * Return: 0; -ENOENT when there is no such topic, which is told, with the one
 * that may have been meant, on standard error
 */
int help_topic(const char *name, FILE *out);

/** help_outcomes() - What each outcome rests on (help_outcomes.c) */
void help_outcomes(FILE *out);

/** help_doubt() - What `labcheck doubt` breaks, and how (help_doubt.c) */
void help_doubt(FILE *out);

#endif
