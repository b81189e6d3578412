// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load.c - a scenario file, from its text to the structs of the language
 *
 *	source    bytes that are text
 *	document  a tree, with places
 *	verify    every part of it right, or reported and left out
 *	bind      structs, filled by libcyaml with what is right
 *	rules     what single values can't show
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "scenario/arena.h"
#include "scenario/bind.h"
#include "scenario/document.h"
#include "scenario/heap.h"
#include "scenario/load.h"
#include "scenario/problems.h"
#include "scenario/rules.h"
#include "scenario/scenario.h"
#include "scenario/utf8.h"
#include "scenario/verify.h"

enum { TITLE_WIDTH = 160 };

/* One line of printable characters; `#` begins a directive in TAP */
static char *printable_title(struct arena *arena, const char *text)
{
	const char *end = text + strlen(text), *p = text;
	char *title = arena_alloc(arena, strlen(text) + 4), *t = title;
	size_t width = 0;

	while (p < end && width < TITLE_WIDTH) {
		const char *start = p;
		uint32_t character = utf8_next(&p, end);

		if (character == '#')
			continue;
		if (character == ' ' || utf8_is_harmful(character)) {
			if (t == title || t[-1] == ' ')
				continue;
			*t++ = ' ';
		} else {
			memcpy(t, start, (size_t)(p - start));
			t += p - start;
		}
		width++;
	}
	while (t > title && t[-1] == ' ')
		t--;
	strcpy(t, p < end ? "..." : "");
	return title;
}

static char *default_title(struct arena *arena, const struct step_said *step)
{
	lc_auto(lc_free) char *text = NULL;
	size_t length;
	FILE *out;

	if (!step->check->title)
		return arena_strdup(arena, step->check->name);
	out = open_memstream(&text, &length);
	if (!out)
		abort();
	step->check->title(step->params, out);
	if (fclose(out) != 0)
		abort();
	return printable_title(arena, text);
}

/* In a step that is tainted a check may miss what it counts on */
static void finish_step(struct step_said *step,
			const struct document_node *node, struct arena *arena,
			struct lc_problems *problems)
{
	if (!node->tainted)
		rules_verify_step(step, problems);
	if (step->name.text)
		step->title = printable_title(arena, step->name.text);
	else if (node->tainted)
		step->title = arena_strdup(arena, step->check->name);
	else
		step->title = default_title(arena, step);
}

static void finish_steps(struct loaded *loaded,
			 const struct document_node *root,
			 struct lc_problems *problems)
{
	const struct document_node *list = document_get(root, "steps");
	struct scenario *scenario = loaded->scenario;
	uint32_t number = 0;

	for (size_t i = 0; list && !list->left_out && i < list->count; i++)
		if (!list->items[i]->left_out)
			finish_step(&scenario->steps[number++], list->items[i],
				    loaded->arena, problems);
	if (!problems->errors && (!list || !list->count))
		lc_warning(problems, scenario->at,
			   "no `steps`: nothing is checked");
}

static bool is_whole(const struct document_node *root, const char *part)
{
	for (size_t i = 0; i < root->count; i++)
		if (!strcmp(root->pairs[i].key->text, part) &&
		    root->pairs[i].value->tainted)
			return false;
	return true;
}

/* Whether a step that is wrong may be one that changes what the lab has */
static bool may_change(const struct document_node *step)
{
	const struct lc_check *check = NULL;

	if (step->kind != DOCUMENT_MAPPING)
		return true;
	for (size_t i = 0; i < step->count; i++) {
		check = lc_check_find(step->pairs[i].key->text);
		if (check && check->change)
			return true;
		if (check)
			return false;
	}
	return true;
}

/* Up to the first of them, what steps make of the lab can be told */
static void note_changes(const struct document_node *root,
			 struct lc_problems *problems)
{
	const struct document_node *steps = document_get(root, "steps");
	uint32_t number = 0;

	if (!steps || steps->kind != DOCUMENT_SEQUENCE)
		return;
	for (size_t i = 0; i < steps->count; i++) {
		if (steps->items[i]->tainted && may_change(steps->items[i])) {
			problems->changes_partial = true;
			problems->changes_end = number;
			return;
		}
		number += !steps->items[i]->left_out;
	}
}

/* What was left out in the lab is not missing by anybody's mistake but the
 * one that is told already */
static void note_parts(struct loaded *loaded, const struct document_node *root,
		       struct lc_problems *problems)
{
	problems->networks_partial = !is_whole(root, "networks");
	problems->partial = problems->networks_partial ||
			    !is_whole(root, "nodes") ||
			    !is_whole(root, "links");
	note_changes(root, problems);
	loaded->lab_whole = !problems->partial;
}

/* What the document is needed for: all that comes of it stands by itself */
static int load_document(struct loaded *loaded, struct document *document,
			 const struct lc_check *const *checks,
			 struct lc_problems *problems, struct lc_err *err)
{
	int r;

	if (!document->root || document->root->nothing)
		return -EINVAL;
	verify(document, checks, problems);
	if (document->root->left_out)
		return -EINVAL;
	loaded->arena = arena_new();
	loaded->heap = heap_new();
	r = bind_scenario(document, checks, loaded->arena, loaded->heap,
			  &loaded->scenario, err);
	if (r < 0)
		return r;
	loaded->scenario->path = loaded->source.path;
	note_parts(loaded, document->root, problems);
	if (loaded->lab_whole)
		rules_verify_lab(loaded->scenario, problems);
	finish_steps(loaded, document->root, problems);
	return problems->errors ? -EINVAL : 0;
}

static int load(struct loaded *loaded, const struct lc_check *const *checks,
		struct lc_problems *problems, struct lc_err *err)
{
	const size_t errors = problems->errors;
	struct document *document;
	int r;

	source_verify(&loaded->source, problems);
	if (problems->errors > errors)
		return -EINVAL;
	document = document_read(&loaded->source, problems);
	r = load_document(loaded, document, checks, problems, err);
	document_free(document);
	return r;
}

int load_source(struct loaded *loaded, struct source *source,
		const struct lc_check *const *checks,
		struct lc_problems *problems, struct lc_err *err)
{
	memset(loaded, 0, sizeof(*loaded));
	loaded->source = *source;
	memset(source, 0, sizeof(*source));
	return load(loaded, checks, problems, err);
}

int scenario_load(struct loaded *loaded, const char *path,
		  struct lc_problems *problems, struct lc_err *err)
{
	struct source source = { 0 };
	int r;

	memset(loaded, 0, sizeof(*loaded));
	r = source_read(&source, path, err);
	if (r < 0)
		return r;
	return load_source(loaded, &source, lc_checks, problems, err);
}

void loaded_done(struct loaded *loaded)
{
	arena_free(loaded->arena);
	heap_free(loaded->heap);
	source_done(&loaded->source);
	memset(loaded, 0, sizeof(*loaded));
}
