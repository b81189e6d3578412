// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record.c - all that one call has found, for reports that are made of it
 */
#include <stdlib.h>
#include <string.h>

#include "report/record.h"

void record_init(struct record *record)
{
	memset(record, 0, sizeof(*record));
}

static void step_done(struct record_step *step)
{
	free(step->title);
	free(step->verb);
	free(step->hint);
	free(step->todo);
	lc_verdict_done(&step->verdict);
}

static void scenario_done(struct record_scenario *scenario)
{
	for (size_t i = 0; i < scenario->step_count; i++)
		step_done(&scenario->steps[i]);
	for (size_t i = 0; i < scenario->tag_count; i++)
		free(scenario->tags[i]);
	free(scenario->steps);
	free(scenario->tags);
	free(scenario->path);
	free(scenario->name);
	free(scenario->description);
}

void record_done(struct record *record)
{
	for (size_t i = 0; i < record->scenario_count; i++)
		scenario_done(&record->scenarios[i]);
	free(record->scenarios);
	free(record->ended);
	record_init(record);
}

char *record_text(struct record *record, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		record->short_of_memory = true;
	return copy;
}

/* Room for one more item, by doubling; false: there is none */
static bool grow(struct record *record, void *items, size_t count, size_t size)
{
	void *more;

	if (count & (count - 1))
		return true;
	more = reallocarray(*(void **)items, count ? 2 * count : 1, size);
	if (more)
		*(void **)items = more;
	else
		record->short_of_memory = true;
	return more;
}

struct record_scenario *record_add_scenario(struct record *record)
{
	struct record_scenario *scenario;

	if (!grow(record, &record->scenarios, record->scenario_count,
		  sizeof(*record->scenarios)))
		return NULL;
	scenario = &record->scenarios[record->scenario_count++];
	memset(scenario, 0, sizeof(*scenario));
	return scenario;
}

void record_add_tag(struct record *record, struct record_scenario *scenario,
		    const char *tag)
{
	char *copy = record_text(record, tag);

	if (copy && grow(record, &scenario->tags, scenario->tag_count,
			 sizeof(*scenario->tags)))
		scenario->tags[scenario->tag_count++] = copy;
	else
		free(copy);
}

struct record_step *record_add_step(struct record *record,
				    struct record_scenario *scenario)
{
	struct record_step *step;

	if (!grow(record, &scenario->steps, scenario->step_count,
		  sizeof(*scenario->steps)))
		return NULL;
	step = &scenario->steps[scenario->step_count++];
	memset(step, 0, sizeof(*step));
	return step;
}

void record_end(struct record *record, const char *why)
{
	if (!record->ended)
		record->ended = record_text(record, why);
}

bool record_is_todo(const struct record_step *step)
{
	return step->verdict.result == LC_FAIL && step->todo;
}

void record_sum_scenario(const struct record_scenario *scenario,
			 struct record_sums *sums)
{
	for (size_t i = 0; i < scenario->step_count; i++) {
		const struct record_step *step = &scenario->steps[i];
		enum lc_result result = step->verdict.result;

		sums->steps++;
		sums->passed += result == LC_PASS;
		sums->failed += result == LC_FAIL && !step->todo;
		sums->todo += record_is_todo(step);
		sums->skipped += result == LC_SKIP;
		sums->errors += result == LC_ERROR;
	}
}

void record_sum(const struct record *record, struct record_sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	for (size_t i = 0; i < record->scenario_count; i++)
		record_sum_scenario(&record->scenarios[i], sums);
}
