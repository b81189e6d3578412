/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * github.h - what GitHub Actions shows of a record
 */
#ifndef REPORT_GITHUB_H
#define REPORT_GITHUB_H

#include <stdio.h>

struct record;

/** github_annotate() - A workflow command for each failure and error */
void github_annotate(const struct record *record, FILE *out);

/** github_summarize() - The summary of a job's step */
void github_summarize(const struct record *record, FILE *out);

#endif
