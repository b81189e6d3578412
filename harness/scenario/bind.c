// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bind.c - from a verified document to the structs of the language
 *
 * libcyaml gets a text that holds nothing but what was verified, written so
 * that it can be read in one way only.  What it makes of it is then walked in
 * parallel with the document, and each value gets its meaning and its place.
 * The meaning was told once before, to verify.c, but to keep them all in the
 * tree would take more memory than the tree itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "scenario/arena.h"
#include "scenario/bind.h"
#include "scenario/cyaml_schema.h"
#include "scenario/document.h"
#include "scenario/emit.h"
#include "scenario/heap.h"
#include "scenario/language.h"
#include "scenario/scenario.h"
#include "scenario/value.h"

struct binder {
	struct arena *arena;		/* of what lasts */
	const struct lc_check *const *checks;
	struct lc_err *err;
};

static int bind_mapping(const struct binder *b, const struct lc_field *fields,
			const struct document_node *node, void *data);

static int differs(const struct binder *b, const struct document_node *node)
{
	return lc_err_set(b->err, -EPROTO,
			  "line %u, column %u: libcyaml reads this in another "
			  "way than labcheck", node->at.line, node->at.column);
}

/* As much of the value as there is room for.  The text is libcyaml's, and lasts */
static int bind_scalar(const struct binder *b, const struct lc_field *field,
		       const struct document_node *node, const char *text,
		       void *value, size_t size)
{
	struct lc_value whole = { .at = node->at };
	int r;

	if (!text || strcmp(text, node->text))
		return differs(b, node);
	r = value_parse(field, b->arena, text, &whole, b->err);
	memcpy(value, &whole, size);
	return r;
}

/* A text is at first what libcyaml makes the member point to */
static int bind_member(const struct binder *b, const struct lc_field *field,
		       const struct document_node *node, void *member)
{
	const char *text = *(const char **)member;
	void *value = member;

	if (field->apart)
		value = *(void **)member = arena_alloc(b->arena, field->size);
	return bind_scalar(b, field, node, text, value, field->size);
}

static int bind_list(const struct binder *b, const struct lc_field *field,
		     const struct document_node *node, struct lc_list *list)
{
	uint32_t number = 0;
	int r;

	list->items = arena_alloc(b->arena,
				  list->count * sizeof(*list->items));
	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->left_out)
			continue;
		if (number == list->count)
			return differs(b, node->items[i]);
		r = bind_scalar(b, field, node->items[i], list->texts[number],
				&list->items[number], sizeof(*list->items));
		if (r < 0)
			return r;
		number++;
	}
	return number == list->count ? 0 : differs(b, node);
}

static int bind_mappings(const struct binder *b, const struct lc_field *field,
			 const struct document_node *node, void *data)
{
	char *items = *(void **)((char *)data + field->offset);
	uint32_t count = *(uint32_t *)((char *)data + field->count_offset);
	uint32_t number = 0;
	int r;

	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->left_out)
			continue;
		if (number == count)
			return differs(b, node->items[i]);
		r = bind_mapping(b, field->fields, node->items[i],
				 items + (size_t)number * field->size);
		if (r < 0)
			return r;
		number++;
	}
	return number == count ? 0 : differs(b, node);
}

static int bind_field(const struct binder *b, const struct lc_field *field,
		      const struct document_node *node, void *data)
{
	void *member = (char *)data + field->offset;

	switch ((int)field->type) {
	case LC_LIST:
		return bind_list(b, field, node, member);
	case LC_MAPPING:
		if (!*(void **)member)
			return differs(b, node);
		return bind_mapping(b, field->fields, node, *(void **)member);
	case LC_MAPPINGS:
	case LC_STEPS:
		return bind_mappings(b, field, node, data);
	}
	return bind_member(b, field, node, member);
}

static int bind_verb(const struct binder *b, const char *name,
		     const struct document_node *node, struct step_said *step)
{
	for (size_t i = 0; b->checks[i]; i++) {
		if (strcmp(b->checks[i]->name, name))
			continue;
		if (!step->verbs[i])
			break;
		step->check = b->checks[i];
		step->params = step->verbs[i];
		return bind_mapping(b, step->check->fields, node, step->params);
	}
	return differs(b, node);
}

void bind_nothing(const struct lc_field *fields, void *mapping)
{
	static const union {
		struct lc_value value;
		struct lc_scalar scalar;
	} nothing;
	const void **member;

	for (; fields->key; fields++) {
		member = (const void **)((char *)mapping + fields->offset);
		if (fields->apart && !*member)
			*member = &nothing;
	}
}

static int bind_mapping(const struct binder *b, const struct lc_field *fields,
			const struct document_node *node, void *data)
{
	int r = 0;

	*(struct lc_at *)data = node->at;
	for (size_t i = 0; r == 0 && i < node->count; i++) {
		const struct document_pair *pair = &node->pairs[i];
		const struct lc_field *field;

		if (pair->value->left_out)
			continue;
		field = language_field(fields, pair->key->text);
		r = field ? bind_field(b, field, pair->value, data) :
			    bind_verb(b, pair->key->text, pair->value, data);
	}
	bind_nothing(fields, data);
	return r;
}

static int load_text(const struct binder *b, const char *text, size_t length,
		     struct heap *heap, struct scenario **ret_scenario)
{
	struct arena *schema = arena_new();
	const cyaml_config_t config = {
		.mem_fn = heap_memory,
		.mem_ctx = heap,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	cyaml_err_t r;

	r = cyaml_load_data((const uint8_t *)text, length, &config,
			    cyaml_schema(schema, b->checks),
			    (cyaml_data_t **)ret_scenario, NULL);
	arena_free(schema);
	if (r != CYAML_OK)
		return lc_err_set(b->err, -EPROTO,
				  "libcyaml refuses what labcheck took for "
				  "right: %s", cyaml_strerror(r));
	return 0;
}

int bind_scenario(const struct document *document,
		  const struct lc_check *const *checks, struct arena *arena,
		  struct heap *heap, struct scenario **ret_scenario,
		  struct lc_err *err)
{
	const struct binder b = {
		.arena = arena,
		.checks = checks,
		.err = err,
	};
	struct scenario *scenario = NULL;
	char *text = NULL;
	size_t length;
	int r;

	emit(document, &text, &length);
	r = load_text(&b, text, length, heap, &scenario);
	free(text);
	if (r == 0)
		r = bind_mapping(&b, scenario_fields, document->root, scenario);
	if (r == 0)
		*ret_scenario = scenario;
	return r;
}
