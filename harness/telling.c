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

/* A number for a set of paths, in whatever order (FNV-1a of each) */
static uint64_t number_of(char **paths, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t hash = 0xcbf29ce484222325ULL;

		for (const char *p = paths[i]; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 0x100000001b3ULL;
		sum += hash;
	}
	return sum;
}

int telling_open(struct telling *t, const struct options *options)
{
	*t = (struct telling){ .options = options };
	return reports_open(&t->reports, options);
}

void telling_begin(struct telling *t, unsigned long count, bool prefixes)
{
	const char *says = getenv("NO_COLOR");
	const bool no_colour = says && *says;	/* see no-color.org */

	t->prefixes = prefixes;
	tap_begin(&t->tap, stdout, isatty(STDOUT_FILENO) && !no_colour, count);
	if (t->options->shuffles && count)
		tap_comment(&t->tap, "the order is that of --shuffle=%lu",
			    t->options->seed);
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

static void tell(struct telling *t, struct tap_line *line,
		 const struct lc_verdict *v)
{
	lc_auto(lc_free) char *prefix = NULL;

	line->prefix = "";
	if (t->prefixes && asprintf(&prefix, "%s: ", line->path) > 0)
		line->prefix = prefix;
	if (v->result == LC_FAIL && !line->todo)
		t->failed = true;
	if (v->result == LC_ERROR)
		t->broken = true;
	tap_step(&t->tap, line, v);
	note_error(t);
}

static void record_scenario(struct record *record, const struct job *job)
{
	const struct scenario *said = job->file->loaded.scenario;
	struct record_scenario *s = record_add_scenario(record);

	if (!s)
		return;
	s->path = record_text(record, job->file->loaded.source.path);
	s->name = record_text(record, said->name.text);
	s->description = record_text(record, said->description.text);
	s->place = job->file->place;
	s->round = job->round;
	for (uint32_t i = 0; i < said->tags.count; i++)
		record_add_tag(record, s, said->tags.texts[i]);
}

static struct record_scenario *last_of(struct record *record)
{
	return record->scenario_count ?
		       &record->scenarios[record->scenario_count - 1] : NULL;
}

/* Takes the verdict */
static void record_step(struct record *record, const struct step_said *said,
			struct result *result)
{
	struct record_scenario *s = last_of(record);
	struct record_step *step = s ? record_add_step(record, s) : NULL;

	if (!step)
		return;
	step->title = record_text(record, said->title);
	step->verb = record_text(record, said->check->name);
	step->hint = record_text(record, said->hint.text);
	step->todo = record_text(record, said->todo.text);
	step->at = said->at;
	step->elapsed_ns = result->elapsed_ns;
	step->verdict = result->verdict;
	lc_verdict_init(&result->verdict);
}

static void tell_step(struct telling *t, const struct suite_file *file,
		      uint32_t index, struct result *result)
{
	const struct step_said *step = &file->loaded.scenario->steps[index];
	struct tap_line line = {
		.title = step->title,
		.path = file->loaded.source.path,
		.at = step->at,
		.hint = step->hint.text,
		.todo = step->todo.text,
	};

	if (result->verdict.result == LC_SKIP && t->options->must_run)
		skip_to_failure(&result->verdict);
	tell(t, &line, &result->verdict);
	if (reports_wanted(&t->reports))
		record_step(&t->reports.record, step, result);
	lc_verdict_done(&result->verdict);
}

void telling_job(struct telling *t, struct job *job)
{
	bool wanted = reports_wanted(&t->reports);
	struct record_scenario *s;

	if (wanted && !job->begun)
		record_scenario(&t->reports.record, job);
	job->begun = true;
	for (; job->told < job->heard; job->told++)
		tell_step(t, job->file, job->told, &job->results[job->told]);
	s = last_of(&t->reports.record);
	if (!wanted || !s || !job->ended_ns)
		return;
	s->built_ns = job->built_ns;
	s->elapsed_ns = job->ended_ns - job->began_ns;
}

void telling_record(struct telling *t)
{
	const struct record *record = &t->reports.record;

	for (size_t i = 0; i < record->scenario_count; i++) {
		const struct record_scenario *s = &record->scenarios[i];

		for (size_t k = 0; k < s->step_count; k++) {
			const struct record_step *step = &s->steps[k];
			struct tap_line line = {
				.title = step->title,
				.path = s->path,
				.at = step->at,
				.hint = step->hint,
				.todo = step->todo,
			};

			tell(t, &line, &step->verdict);
		}
	}
}

void telling_stop(struct telling *t, const char *why)
{
	tap_bail_out(&t->tap, "%s", why);
	note_error(t);
	record_end(&t->reports.record, why);
	t->broken = true;
}

static void close_record(struct telling *t)
{
	const struct options *o = t->options;
	struct record *record = &t->reports.record;

	if (o->command != COMMAND_RUN)
		return;
	record->given = o->operand_count;
	record->list = number_of(o->operands, o->operand_count);
	record->part = o->part;
	record->parts = o->parts;
	record->repeat = o->repeat;
	record->seed = o->shuffles ? o->seed : 0;
}

void telling_refuse(struct telling *t, const char *why)
{
	record_end(&t->reports.record, why);
	close_record(t);
	reports_close(&t->reports);
}

/* What has no step has passed, unless it was told to run.  A shard may be left
 * without one: others have them */
static void miss_steps(struct telling *t)
{
	static const char why[] =
		"there is no step to run, and --must-run is given";

	if (t->tap.count || !t->options->must_run || t->options->parts ||
	    t->broken)
		return;
	fprintf(stderr, "labcheck: %s\n", why);
	record_end(&t->reports.record, why);
	t->failed = true;
}

void telling_recorded(struct telling *t, const struct pcap_file *p)
{
	if (!p->error)
		return;
	fprintf(stderr, "labcheck: %s: %s\n", p->path ?: "--pcap", p->error);
	t->broken = true;
}

int telling_end(struct telling *t)
{
	int status;

	miss_steps(t);
	if (fflush(t->tap.out))
		note_error(t);
	close_record(t);
	status = reports_close(&t->reports);
	/* A full disk must not look like a pass */
	if (t->error) {
		fprintf(stderr, "labcheck: writing the results: %s\n",
			strerror(t->error));
		return EXIT_BROKEN;
	}
	if (status || t->broken)
		return EXIT_BROKEN;
	return t->failed ? EXIT_FAILED : EXIT_PASSED;
}
