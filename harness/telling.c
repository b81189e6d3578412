// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * telling.c - where verdicts go, and what status they end with
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "job.h"
#include "options.h"
#include "suite.h"
#include "telling.h"

/* What comes later would overwrite errno */
static void note_error(struct telling *t)
{
	if (!t->error && ferror(t->tap.out))
		t->error = errno ?: EIO;
}

void telling_begin(struct telling *t, const struct options *options,
		   unsigned long count)
{
	const char *says = getenv("NO_COLOR");
	const bool no_colour = says && *says;	/* see no-color.org */

	*t = (struct telling){
		.options = options,
		.prefixes = options->operand_count > 1,
	};
	tap_begin(&t->tap, stdout, isatty(STDOUT_FILENO) && !no_colour, count);
	if (options->shuffles && count)
		tap_comment(&t->tap, "the order is that of --shuffle=%lu",
			    options->seed);
	note_error(t);
}

/* With --must-run a skip is a failure: never `not ok ... # SKIP` */
static void skip_to_failure(struct lc_verdict *v)
{
	char *reason = lc_steal(v->reason);

	v->result = LC_PASS;
	lc_verdict_fail(v, "skipped, and --must-run is given");
	lc_verdict_note(v, "skip", "%s", reason ? reason : "");
	free(reason);
}

void telling_step(struct telling *t, const struct suite_file *file,
		  uint32_t index, struct result *result)
{
	const struct step_said *step = &file->loaded.scenario->steps[index];
	const char *path = file->loaded.source.path;
	struct lc_verdict *v = &result->verdict;
	lc_auto(lc_free) char *prefix = NULL;
	struct tap_line line = {
		.prefix = "",
		.title = step->title,
		.path = path,
		.at = step->at,
		.hint = step->hint.text,
		.todo = step->todo.text,
	};

	if (t->prefixes && asprintf(&prefix, "%s: ", path) > 0)
		line.prefix = prefix;
	if (v->result == LC_SKIP && t->options->must_run)
		skip_to_failure(v);
	if (v->result == LC_FAIL && !lc_given(&step->todo))
		t->failed = true;
	if (v->result == LC_ERROR)
		t->broken = true;
	tap_step(&t->tap, &line, v);
	note_error(t);
	lc_verdict_done(v);
}

int telling_end(struct telling *t)
{
	if (fflush(t->tap.out))
		note_error(t);
	/* A full disk must not look like a pass */
	if (t->error) {
		fprintf(stderr, "labcheck: writing the results: %s\n",
			strerror(t->error));
		return EXIT_BROKEN;
	}
	if (t->broken)
		return EXIT_BROKEN;
	return t->failed ? EXIT_FAILED : EXIT_PASSED;
}
