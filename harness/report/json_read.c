// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json_read.c - a record as one JSON document: read
 *
 * The file comes from another machine, perhaps cut off on its way.  What is
 * not there or not of its kind makes the whole file useless: a step that is
 * left out would be one that never failed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "json_library.h"
#include "report/json.h"
#include "report/record.h"

/**
 * struct reader - @missing: what is not as it must be, or NULL; sticky
 */
struct reader {
	struct jansson j;
	struct record *record;
	const char *missing;
};

static void miss(struct reader *r, const char *key)
{
	if (!r->missing)
		r->missing = key;
}

static char *get_text(struct reader *r, const json_t *object, const char *key,
		      bool required)
{
	const json_t *value = r->j.get(object, key);

	if (value ? !json_is_string(value) : required)
		miss(r, key);
	return value ? record_text(r->record, r->j.text(value)) : NULL;
}

static uint64_t get_number(struct reader *r, const json_t *object,
			   const char *key, uint64_t least, uint64_t most)
{
	const json_t *value = r->j.get(object, key);
	json_int_t number = value && json_is_integer(value) ?
				    r->j.number(value) : -1;

	if (number < 0 || (uint64_t)number < least || (uint64_t)number > most) {
		miss(r, key);
		return least;
	}
	return (uint64_t)number;
}

static json_t *get_list(struct reader *r, const json_t *object, const char *key)
{
	json_t *value = r->j.get(object, key);

	if (!value || !json_is_array(value))
		miss(r, key);
	return value && json_is_array(value) ? value : NULL;
}

static enum lc_result get_result(struct reader *r, const json_t *object)
{
	const char *word = r->j.text(r->j.get(object, "result"));

	for (int i = 0; word && json_results[i]; i++)
		if (!strcmp(word, json_results[i]))
			return (enum lc_result)i;
	miss(r, "result");
	return LC_ERROR;
}

static void read_note(struct reader *r, struct lc_verdict *v, const char *key,
		      json_t *value)
{
	size_t count = json_is_array(value) ? r->j.count(value) : 1;

	for (size_t i = 0; i < count; i++) {
		const char *text = r->j.text(
			json_is_array(value) ? r->j.item(value, i) : value);

		if (text)
			lc_verdict_note(v, key, "%s", text);
		else
			miss(r, "notes");
	}
}

static void read_notes(struct reader *r, struct lc_verdict *v, json_t *step)
{
	json_t *notes = r->j.get(step, "notes");

	if (!notes)
		return;
	if (!json_is_object(notes)) {
		miss(r, "notes");
		return;
	}
	for (void *i = r->j.first(notes); i; i = r->j.next(notes, i))
		read_note(r, v, r->j.key(i), r->j.value(i));
}

static void read_step(struct reader *r, struct record_scenario *scenario,
		      json_t *object)
{
	struct record_step *step = record_add_step(r->record, scenario);

	if (!step)
		return;
	step->title = get_text(r, object, "title", true);
	step->verb = get_text(r, object, "verb", false);
	step->hint = get_text(r, object, "hint", false);
	step->todo = get_text(r, object, "todo", false);
	step->at.line = (uint32_t)get_number(r, object, "line", 0, UINT32_MAX);
	step->at.column =
		(uint32_t)get_number(r, object, "column", 0, UINT32_MAX);
	step->elapsed_ns = get_number(r, object, "elapsed_ns", 0, INT64_MAX);
	step->verdict.result = get_result(r, object);
	step->verdict.reason = get_text(r, object, "reason", false);
	read_notes(r, &step->verdict, object);
}

static void read_scenario(struct reader *r, json_t *object)
{
	struct record_scenario *s = record_add_scenario(r->record);
	json_t *list;

	if (!s)
		return;
	s->path = get_text(r, object, "file", true);
	s->name = get_text(r, object, "name", false);
	s->description = get_text(r, object, "description", false);
	s->place = get_number(r, object, "place", 1, INT64_MAX);
	s->round = get_number(r, object, "round", 1, INT64_MAX);
	s->built_ns = get_number(r, object, "built_ns", 0, INT64_MAX);
	s->elapsed_ns = get_number(r, object, "elapsed_ns", 0, INT64_MAX);
	list = get_list(r, object, "tags");
	for (size_t i = 0; list && i < r->j.count(list); i++)
		record_add_tag(r->record, s, r->j.text(r->j.item(list, i)));
	list = get_list(r, object, "steps");
	for (size_t i = 0; list && i < r->j.count(list) && !r->missing; i++)
		read_step(r, s, r->j.item(list, i));
}

static void read_shard(struct reader *r, json_t *document)
{
	json_t *shard = r->j.get(document, "shard");

	if (!shard)
		return;
	r->record->parts = get_number(r, shard, "parts", 1, INT32_MAX);
	r->record->part = get_number(r, shard, "part", 1, r->record->parts);
}

static void read_document(struct reader *r, json_t *document)
{
	struct record *record = r->record;
	char *list;
	json_t *scenarios;

	get_number(r, document, "format", 1, 1);
	if (r->missing)
		return;
	record->given = get_number(r, document, "given", 0, INT64_MAX);
	list = get_text(r, document, "list", true);
	record->list = list ? strtoull(list, NULL, 16) : 0;
	free(list);
	record->repeat = get_number(r, document, "repeat", 1, INT64_MAX);
	record->ended = get_text(r, document, "ended", false);
	if (r->j.get(document, "seed"))
		record->seed = get_number(r, document, "seed", 1, INT64_MAX);
	read_shard(r, document);
	scenarios = get_list(r, document, "scenarios");
	for (size_t i = 0; scenarios && i < r->j.count(scenarios) &&
			   !r->missing; i++)
		read_scenario(r, r->j.item(scenarios, i));
}

int json_read(struct record *record, const char *path, struct lc_err *err)
{
	struct reader reader = { .record = record };
	json_error_t error;
	json_t *document;
	int r = jansson_open(&reader.j, err);

	if (r)
		return r;
	document = reader.j.load(path, 0, &error);
	if (!document && error.line < 0)
		return lc_err_set(err, -EINVAL, "%s: %s", path, error.text);
	if (!document)
		return lc_err_set(err, -EINVAL, "%s:%d: %s", path, error.line,
				  error.text);
	read_document(&reader, document);
	reader.j.delete(document);
	if (record->short_of_memory)
		return lc_err_set(err, -ENOMEM, "%s: out of memory", path);
	if (reader.missing)
		return lc_err_set(err, -EINVAL,
				  "%s: no report of labcheck: '%s' is missing or wrong",
				  path, reader.missing);
	return 0;
}
