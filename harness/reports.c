// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reports.c - the reports that a call was asked for, beside TAP
 *
 * A report is often all that anybody looks at.  So one that can't be written,
 * or not whole, is told and makes the call end as one that could not do its
 * job, whatever it found.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "options.h"
#include "report/github.h"
#include "report/json.h"
#include "report/junit.h"
#include "reports.h"

static const char *summary_path(const struct options *options)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");

	return options->github && path && *path ? path : NULL;
}

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "labcheck: %s: %s\n", path, why);
	return EXIT_BROKEN;
}

static int open_one(FILE **ret_file, const char *path, const char *mode)
{
	if (path)
		*ret_file = fopen(path, mode);
	return path && !*ret_file ? complain(path, strerror(errno)) : 0;
}

int reports_open(struct reports *reports, const struct options *options)
{
	int status;

	*reports = (struct reports){ .options = options };
	record_init(&reports->record);
	status = open_one(&reports->json, options->json, "we");
	status = status ?: open_one(&reports->junit, options->junit, "we");
	return status ?: open_one(&reports->summary, summary_path(options),
				  "ae");
}

bool reports_wanted(const struct reports *reports)
{
	return reports->json || reports->junit || reports->options->github;
}

/* Takes the file, if there is one */
static int write_one(struct reports *reports, FILE *file, const char *path,
		     int (*write)(const struct record *record, FILE *out,
				  struct lc_err *err))
{
	struct lc_err err = { "" };
	int r;

	if (!file)
		return 0;
	r = write(&reports->record, file, &err);
	if (!r && ferror(file))
		r = lc_err_set(&err, -EIO, "%s", strerror(errno));
	if (fclose(file) && !r)
		r = lc_err_set(&err, -errno, "%s", strerror(errno));
	return r ? complain(path, err.text) : 0;
}

static int write_summary(const struct record *record, FILE *out,
			 struct lc_err *err)
{
	(void)err;
	github_summarize(record, out);
	return 0;
}

static int write_all(struct reports *r)
{
	int json = write_one(r, r->json, r->options->json, json_write);
	int junit = write_one(r, r->junit, r->options->junit, junit_write);
	int summary = write_one(r, r->summary, summary_path(r->options),
				write_summary);

	if (r->options->github)
		github_annotate(&r->record, stderr);
	return json ?: junit ?: summary;
}

int reports_close(struct reports *reports)
{
	int status;

	if (reports->record.short_of_memory)
		status = complain("reports", "out of memory");
	else
		status = write_all(reports);
	record_done(&reports->record);
	return status;
}
