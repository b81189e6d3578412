// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json.c - a record as one JSON document: written
 *
 * The library refuses what is no UTF-8 and knows when memory is out: each value
 * that it could not make is noted once, and nothing is written then.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "json_library.h"
#include "report/json.h"
#include "report/plain.h"
#include "report/record.h"

const char *const json_results[] = {
	[LC_PASS] = "pass", [LC_FAIL] = "fail", [LC_SKIP] = "skip",
	[LC_ERROR] = "error", NULL,
};

/** struct writer - @failed is sticky */
struct writer {
	struct jansson j;
	bool failed;
};

static json_t *made(struct writer *w, json_t *value)
{
	w->failed |= !value;
	return value;
}

static json_t *text(struct writer *w, const char *from)
{
	lc_auto(lc_free) char *plain = plain_text(from, false);

	return made(w, plain ? w->j.string(plain) : NULL);
}

/* A value that could not be made is refused by the library, too */
static void set(struct writer *w, json_t *object, const char *key,
		json_t *value)
{
	w->failed |= w->j.set(object, key, value) != 0;
}

static void append(struct writer *w, json_t *array, json_t *value)
{
	w->failed |= w->j.append(array, value) != 0;
}

static void set_number(struct writer *w, json_t *object, const char *key,
		       uint64_t number)
{
	set(w, object, key, made(w, w->j.integer((json_int_t)number)));
}

static void set_text(struct writer *w, json_t *object, const char *key,
		     const char *from)
{
	if (from)
		set(w, object, key, text(w, from));
}

/* What is noted twice under one key becomes a list */
static void add_note(struct writer *w, json_t *notes, const struct lc_note *note)
{
	lc_auto(lc_free) char *key = plain_text(note->key ?: "note", false);
	json_t *value = text(w, note->value ?: "(out of memory)");
	json_t *before = key ? w->j.get(notes, key) : NULL, *list;

	if (!key)
		w->failed = true;
	if (before && json_is_array(before)) {
		append(w, before, value);
	} else if (before) {
		list = made(w, w->j.array());
		append(w, list, text(w, w->j.text(before)));
		append(w, list, value);
		set(w, notes, key, list);
	} else {
		set(w, notes, key, value);
	}
}

static json_t *notes_of(struct writer *w, const struct lc_verdict *v)
{
	json_t *notes = made(w, w->j.object());

	for (size_t i = 0; i < v->note_count && !w->failed; i++)
		add_note(w, notes, &v->notes[i]);
	return notes;
}

static json_t *step_of(struct writer *w, const struct record_step *step)
{
	json_t *object = made(w, w->j.object());

	set_text(w, object, "title", step->title ?: "");
	set_text(w, object, "verb", step->verb);
	set_number(w, object, "line", step->at.line);
	set_number(w, object, "column", step->at.column);
	set_text(w, object, "result", json_results[step->verdict.result]);
	set_number(w, object, "elapsed_ns", step->elapsed_ns);
	set_text(w, object, "reason", step->verdict.reason);
	set_text(w, object, "todo", step->todo);
	set_text(w, object, "hint", step->hint);
	if (step->verdict.note_count)
		set(w, object, "notes", notes_of(w, &step->verdict));
	return object;
}

static json_t *scenario_of(struct writer *w, const struct record_scenario *s)
{
	json_t *object = made(w, w->j.object());
	json_t *tags = made(w, w->j.array()), *steps = made(w, w->j.array());

	set_text(w, object, "file", s->path ?: "");
	set_text(w, object, "name", s->name);
	set_text(w, object, "description", s->description);
	for (size_t i = 0; i < s->tag_count; i++)
		append(w, tags, text(w, s->tags[i]));
	set(w, object, "tags", tags);
	set_number(w, object, "place", s->place);
	set_number(w, object, "round", s->round);
	set_number(w, object, "built_ns", s->built_ns);
	set_number(w, object, "elapsed_ns", s->elapsed_ns);
	for (size_t i = 0; i < s->step_count && !w->failed; i++)
		append(w, steps, step_of(w, &s->steps[i]));
	set(w, object, "steps", steps);
	return object;
}

static json_t *summary_of(struct writer *w, const struct record *record)
{
	json_t *object = made(w, w->j.object());
	struct record_sums sums;

	record_sum(record, &sums);
	set_number(w, object, "steps", sums.steps);
	set_number(w, object, "passed", sums.passed);
	set_number(w, object, "failed", sums.failed);
	set_number(w, object, "todo", sums.todo);
	set_number(w, object, "skipped", sums.skipped);
	set_number(w, object, "errors", sums.errors);
	return object;
}

static void set_shard(struct writer *w, json_t *object,
		      const struct record *record)
{
	json_t *shard = made(w, w->j.object());

	set_number(w, shard, "part", record->part);
	set_number(w, shard, "parts", record->parts);
	set(w, object, "shard", shard);
}

static json_t *document_of(struct writer *w, const struct record *record)
{
	json_t *object = made(w, w->j.object());
	json_t *scenarios = made(w, w->j.array());
	char list[17];

	snprintf(list, sizeof(list), "%016" PRIx64, record->list);
	set_number(w, object, "format", 1);
	set_number(w, object, "given", record->given);
	set_text(w, object, "list", list);
	set_number(w, object, "repeat", record->repeat);
	if (record->parts)
		set_shard(w, object, record);
	if (record->seed)
		set_number(w, object, "seed", record->seed);
	set_text(w, object, "ended", record->ended);
	set(w, object, "summary", summary_of(w, record));
	for (size_t i = 0; i < record->scenario_count && !w->failed; i++)
		append(w, scenarios, scenario_of(w, &record->scenarios[i]));
	set(w, object, "scenarios", scenarios);
	return object;
}

int json_write(const struct record *record, FILE *out, struct lc_err *err)
{
	struct writer w = { .failed = false };
	json_t *document;
	int r = jansson_open(&w.j, err);

	if (r)
		return r;
	document = document_of(&w, record);
	if (w.failed)
		r = lc_err_set(err, -ENOMEM, "out of memory");
	else if (w.j.dump(document, out, JSON_INDENT(1)) ||
		 fputc('\n', out) == EOF)
		r = lc_err_set(err, -EIO, "%s", strerror(errno));
	if (document)
		w.j.delete(document);
	return r;
}
