// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * document.c - the tree of a YAML file, and where each part of it stands
 */
#include <stdlib.h>
#include <string.h>

#include "scenario/arena.h"
#include "scenario/document.h"

struct document_node *document_copy(struct arena *arena,
				    const struct document_node *from)
{
	struct document_node *to = arena_alloc(arena, sizeof(*to));

	*to = *from;
	if (to->kind == DOCUMENT_SEQUENCE) {
		to->items = arena_alloc(arena,
					to->count * sizeof(*to->items));
		for (size_t i = 0; i < to->count; i++)
			to->items[i] = document_copy(arena, from->items[i]);
	} else if (to->kind == DOCUMENT_MAPPING) {
		to->pairs = arena_alloc(arena,
					to->count * sizeof(*to->pairs));
		for (size_t i = 0; i < to->count; i++) {
			to->pairs[i] = from->pairs[i];
			to->pairs[i].value =
				document_copy(arena, from->pairs[i].value);
		}
	}
	return to;
}

void document_free(struct document *document)
{
	if (document)
		arena_free(document->arena);
}

struct document_node *document_get(const struct document_node *mapping,
				   const char *key)
{
	if (!mapping || mapping->kind != DOCUMENT_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (!strcmp(mapping->pairs[i].key->text, key))
			return mapping->pairs[i].value;
	return NULL;
}

const char *document_kind_name(enum document_kind kind)
{
	switch (kind) {
	case DOCUMENT_SCALAR:
		return "a single value";
	case DOCUMENT_SEQUENCE:
		return "a list";
	case DOCUMENT_MAPPING:
		return "a mapping";
	}
	abort();
}
