/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reports.h - the reports that a call was asked for, beside TAP
 */
#ifndef HARNESS_REPORTS_H
#define HARNESS_REPORTS_H

#include <stdbool.h>
#include <stdio.h>

#include "report/record.h"

struct options;

/** struct reports - Open files, or NULL, and what will be written to them */
struct reports {
	const struct options *options;
	FILE *json, *junit, *summary;
	struct record record;
};

/**
 * reports_open() - Open what was asked for
 *
 * Now, so that a report of an earlier call can't be taken for one of this.
 *
 * Return: 0, or an exit status: something can't be opened, which is told
 */
int reports_open(struct reports *reports, const struct options *options);

/** reports_wanted() - Whether there are any */
bool reports_wanted(const struct reports *reports);

/** reports_close() - Write them; an exit status: something can't be written */
int reports_close(struct reports *reports);

#endif
