/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * junit.h - a record as JUnit XML
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include <stdio.h>

struct lc_err;
struct record;

/** junit_write() - 0, or -errno with @err */
int junit_write(const struct record *record, FILE *out, struct lc_err *err);

#endif
