// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * junit.c - a record as JUnit XML
 *
 * Nobody owns the format; what is here is what Jenkins, GitLab and GitHub's
 * actions have in common.  A scenario is a test suite and a step a test case.
 * The format has no word for a known bug, so a `todo` that fails is skipped.
 * What ended a run early is an error of its own: a reader that looks at nothing
 * but this file must not take the rest for all.
 */
#include <string.h>

#include <labcheck/auto.h>

#include "report/details.h"
#include "report/junit.h"
#include "report/record.h"
#include "report/xml.h"

static void write_sums(struct xml *xml, const struct record_sums *sums)
{
	xml_number(xml, "tests", sums->steps);
	xml_number(xml, "failures", sums->failed);
	xml_number(xml, "errors", sums->errors);
	xml_number(xml, "skipped", sums->skipped + sums->todo);
}

static void write_problem(struct xml *xml, const char *element,
			  const struct record_scenario *scenario,
			  const struct record_step *step)
{
	lc_auto(lc_free) char *details = details_text(scenario, step);
	char message[400];

	xml_begin(xml, element);
	xml_attribute(xml, "message",
		      details_short(step, message, sizeof(message)));
	xml_attribute(xml, "type", step->verb ?: "step");
	xml_text(xml, details);
	xml_end(xml);
}

static void write_skipped(struct xml *xml, const char *why, const char *reason)
{
	char message[400];

	snprintf(message, sizeof(message), "%s%s", why, reason ?: "");
	xml_begin(xml, "skipped");
	xml_attribute(xml, "message", message);
	xml_end(xml);
}

static void write_result(struct xml *xml, const struct record_scenario *s,
			 const struct record_step *step)
{
	switch (step->verdict.result) {
	case LC_PASS:
		return;
	case LC_FAIL:
		if (record_is_todo(step))
			write_skipped(xml, "todo: ", step->todo);
		else
			write_problem(xml, "failure", s, step);
		return;
	case LC_SKIP:
		write_skipped(xml, "", step->verdict.reason);
		return;
	case LC_ERROR:
		write_problem(xml, "error", s, step);
		return;
	}
}

static void write_step(struct xml *xml, const struct record_scenario *s,
		       const char *suite, const struct record_step *step)
{
	xml_begin(xml, "testcase");
	xml_attribute(xml, "name", step->title ?: "");
	xml_attribute(xml, "classname", suite);
	xml_attribute(xml, "file", s->path);
	xml_number(xml, "line", step->at.line);
	xml_seconds(xml, "time", step->elapsed_ns);
	write_result(xml, s, step);
	xml_end(xml);
}

static void write_scenario(struct xml *xml, const struct record *record,
			   const struct record_scenario *s)
{
	lc_auto(lc_free) char *numbered = NULL;
	struct record_sums sums = { 0 };
	const char *suite = s->path;

	if (record->repeat > 1 &&
	    asprintf(&numbered, "%s (round %lu)", s->path, s->round) > 0)
		suite = numbered;
	record_sum_scenario(s, &sums);
	xml_begin(xml, "testsuite");
	xml_attribute(xml, "name", suite);
	xml_attribute(xml, "file", s->path);
	write_sums(xml, &sums);
	xml_seconds(xml, "time", s->elapsed_ns);
	for (size_t i = 0; i < s->step_count; i++)
		write_step(xml, s, suite, &s->steps[i]);
	xml_end(xml);
}

static void write_end(struct xml *xml, const char *ended)
{
	const struct record_sums sums = { .steps = 1, .errors = 1 };

	xml_begin(xml, "testsuite");
	xml_attribute(xml, "name", "labcheck");
	write_sums(xml, &sums);
	xml_begin(xml, "testcase");
	xml_attribute(xml, "name", "all of it was run");
	xml_attribute(xml, "classname", "labcheck");
	xml_begin(xml, "error");
	xml_attribute(xml, "message", ended);
	xml_end(xml);
	xml_end(xml);
	xml_end(xml);
}

int junit_write(const struct record *record, FILE *out, struct lc_err *err)
{
	struct record_sums sums;
	struct xml *xml;
	int r = xml_new(&xml, err);

	if (r)
		return r;
	record_sum(record, &sums);
	sums.steps += record->ended ? 1 : 0;
	sums.errors += record->ended ? 1 : 0;
	xml_begin(xml, "testsuites");
	xml_attribute(xml, "name", "labcheck");
	write_sums(xml, &sums);
	for (size_t i = 0; i < record->scenario_count; i++)
		write_scenario(xml, record, &record->scenarios[i]);
	if (record->ended)
		write_end(xml, record->ended);
	xml_end(xml);
	return xml_finish(xml, out, err);
}
