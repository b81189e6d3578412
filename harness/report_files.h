/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_files.h - whether reports may be written where they are to be
 */
#ifndef REPORT_FILES_H
#define REPORT_FILES_H

struct lc_err;
struct options;

/** report_files_check() - -EINVAL with @err: one would be written over what is to
 * be read, or over another */
int report_files_check(const struct options *options, struct lc_err *err);

#endif
