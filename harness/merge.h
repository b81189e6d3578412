/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * merge.h - the reports of several calls as one
 */
#ifndef HARNESS_MERGE_H
#define HARNESS_MERGE_H

struct options;

/** merge_reports() - Of `labcheck merge`; an exit status */
int merge_reports(const struct options *options);

#endif
