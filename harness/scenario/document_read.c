// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * document_read.c - from a text to its tree
 *
 * libcyaml stops at the first error, keeps no positions, takes the first of
 * two equal keys' values to be lost, and an alias to be whatever it becomes:
 * nine lines of aliases can be a thousand million values.  So the tree is made
 * here, out of libyaml's events.  Every node knows its size; what an alias
 * stands for is copied only when it fits into what may still come, so the
 * whole is bounded before any of it is made.
 *
 * Explicit tags and further documents are refused: a scenario has no use for
 * them, and readers disagree on what they mean.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <labcheck/check.h>

#include "scenario/anchors.h"
#include "scenario/arena.h"
#include "scenario/comments.h"
#include "scenario/document.h"
#include "scenario/keys.h"
#include "scenario/source.h"
#include "scenario/syntax.h"

/* From so many keys on a mapping gets a table, to find repeated ones */
enum { KEYS_SEARCHED = 12 };

/* A sequence or mapping whose end was not reached yet.  What is in it gets its
 * place in the arena when it is known how much that is */
struct level {
	struct document_node *node;
	struct document_node *key;	/* of a mapping: waits for its value */
	struct keys *keys;		/* of a mapping with many */
	struct document_pair *pairs;	/* of a sequence: values without keys */
	uint32_t room;			/* stays for the next one as deep */
};

struct reader {
	struct document *document;
	struct arena *arena;
	struct lc_problems *problems;
	struct level levels[DOCUMENT_MAX_DEPTH];
	unsigned int depth;
	unsigned int documents;
	size_t nodes;
	struct anchors anchors;
	struct comments comments;
	bool stopped;			/* reading on makes no sense */
};

static struct lc_at at_mark(const yaml_mark_t *mark)
{
	return (struct lc_at){ .line = (uint32_t)mark->line + 1,
			       .column = (uint32_t)mark->column + 1 };
}

static struct document_node *new_node(struct reader *r, const yaml_mark_t *mark,
				      enum document_kind kind)
{
	struct document_node *node = arena_alloc(r->arena, sizeof(*node));

	node->kind = kind;
	node->at = at_mark(mark);
	node->size = node->height = 1;
	if (++r->nodes > DOCUMENT_MAX_NODES) {
		lc_problem(r->problems, node->at,
			   "more than %d values in one file",
			   DOCUMENT_MAX_NODES);
		r->stopped = true;
	}
	return node;
}

static struct document_pair *find_pair(const struct level *level,
				       const char *key)
{
	struct document_pair *pairs = level->pairs;
	uint32_t number;

	if (level->keys)
		return keys_find_name(level->keys, 0, key, &number) ?
			       &pairs[number] : NULL;
	for (uint32_t i = 0; i < level->node->count; i++)
		if (!strcmp(pairs[i].key->text, key))
			return &pairs[i];
	return NULL;
}

/* Make room for another key; many of them are found by a table */
static void note_key(struct reader *r, struct level *level, const char *key)
{
	uint32_t count = level->node->count;

	if (count == KEYS_SEARCHED) {
		level->keys = keys_new(r->arena);
		for (uint32_t i = 0; i < count; i++)
			keys_add_name(level->keys, 0,
				      level->pairs[i].key->text, i);
	}
	if (level->keys)
		keys_add_name(level->keys, 0, key, count);
}

static void add_child(struct level *level, struct document_node *key,
		      struct document_node *value)
{
	if (level->node->count == level->room) {
		level->room = level->room ? level->room * 2 : 16;
		level->pairs = reallocarray(level->pairs, level->room,
					    sizeof(*level->pairs));
		if (!level->pairs)
			abort();
	}
	level->pairs[level->node->count++] = (struct document_pair){
		.key = key, .value = value,
	};
}

static void add_pair(struct reader *r, struct level *level,
		     struct document_node *key, struct document_node *value)
{
	const struct document_pair *old;

	if (key->kind != DOCUMENT_SCALAR)
		return;
	old = find_pair(level, key->text);
	if (old)
		lc_problem(r->problems, key->at,
			   "key '%.60s' is there twice; first on line %u",
			   key->text, old->key->at.line);
	note_key(r, level, key->text);
	key->repeated = old;
	add_child(level, key, value);
}

static void take_key(struct reader *r, struct level *level,
		     struct document_node *key)
{
	level->key = key;
	if (key->kind != DOCUMENT_SCALAR)
		lc_problem(r->problems, key->at,
			   "a key is a word, not %s; a text that begins with "
			   "'{' or '[' needs quotes",
			   document_kind_name(key->kind));
	else if (key->nothing)
		lc_problem(r->problems, key->at, "expected a key");
}

/* Put a node where it belongs: into the innermost open one */
static void attach(struct reader *r, struct document_node *node)
{
	struct level *level = r->depth ? &r->levels[r->depth - 1] : NULL;
	struct document_node *parent = level ? level->node : NULL;

	if (!parent) {
		r->document->root = node;
	} else if (parent->kind == DOCUMENT_SEQUENCE) {
		add_child(level, NULL, node);
	} else if (!level->key) {
		take_key(r, level, node);
	} else {
		add_pair(r, level, level->key, node);
		level->key = NULL;
	}
}

static void count_into_parent(struct reader *r,
			      const struct document_node *node)
{
	struct document_node *parent;

	if (!r->depth)
		return;
	parent = r->levels[r->depth - 1].node;
	parent->size += node->size;
	if (parent->height <= node->height)
		parent->height = (uint8_t)(node->height + 1);
}

static void refuse_tag(struct reader *r, const yaml_char_t *tag,
		       struct lc_at at)
{
	if (tag)
		lc_problem(r->problems, at,
			   "tags are no part of the language: a text that "
			   "begins with '!' needs quotes");
}

static bool is_nothing(const char *text)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

static void take_scalar(struct reader *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	struct document_node *node;

	node = new_node(r, &event->start_mark, DOCUMENT_SCALAR);
	refuse_tag(r, event->data.scalar.tag, node->at);
	if (strlen(text) != event->data.scalar.length)
		lc_problem(r->problems, node->at,
			   "a text can not hold a NUL character");
	node->text = arena_strdup(r->arena, text);
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		node->nothing = is_nothing(text);
		node->cut = comments_cut(&r->comments, event->end_mark.line,
					 event->end_mark.column);
	}
	anchors_note(&r->anchors, (const char *)event->data.scalar.anchor,
		     node);
	count_into_parent(r, node);
	attach(r, node);
}

static void take_start(struct reader *r, const yaml_event_t *event,
		       enum document_kind kind, const yaml_char_t *anchor,
		       const yaml_char_t *tag)
{
	struct document_node *node = new_node(r, &event->start_mark, kind);
	struct level *level;

	refuse_tag(r, tag, node->at);
	if (r->depth == DOCUMENT_MAX_DEPTH) {
		lc_problem(r->problems, node->at,
			   "nested more than %d levels deep",
			   DOCUMENT_MAX_DEPTH);
		r->stopped = true;
		return;
	}
	node->open = true;
	anchors_note(&r->anchors, (const char *)anchor, node);
	attach(r, node);
	level = &r->levels[r->depth++];
	level->node = node;
	level->key = NULL;
	level->keys = NULL;
}

static void keep_children(struct reader *r, const struct level *level)
{
	struct document_node *node = level->node;

	if (node->kind == DOCUMENT_MAPPING) {
		node->pairs = arena_alloc(r->arena,
					  node->count * sizeof(*node->pairs));
		for (uint32_t i = 0; i < node->count; i++)
			node->pairs[i] = level->pairs[i];
		return;
	}
	node->items = arena_alloc(r->arena,
				  node->count * sizeof(*node->items));
	for (uint32_t i = 0; i < node->count; i++)
		node->items[i] = level->pairs[i].value;
}

static void take_end(struct reader *r)
{
	struct document_node *node = r->levels[--r->depth].node;

	keep_children(r, &r->levels[r->depth]);
	node->open = false;
	count_into_parent(r, node);
}

static void take_alias(struct reader *r, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct lc_at at = at_mark(&event->start_mark);
	struct document_node *node = anchors_find(&r->anchors, name);

	r->stopped = true;
	if (!node)
		lc_problem(r->problems, at,
			   "no '&%.60s' before this '*%.60s'; a text that "
			   "begins with '*' needs quotes", name, name);
	else if (node->open)
		lc_problem(r->problems, at,
			   "'*%.60s' stands inside what it stands for", name);
	else if (r->depth + node->height > DOCUMENT_MAX_DEPTH + 1)
		lc_problem(r->problems, at,
			   "'*%.60s' nests more than %d levels deep", name,
			   DOCUMENT_MAX_DEPTH);
	else if (node->size > DOCUMENT_MAX_NODES - r->nodes)
		lc_problem(r->problems, at,
			   "'*%.60s' makes more than %d values of one file",
			   name, DOCUMENT_MAX_NODES);
	else
		r->stopped = false;
	if (r->stopped)
		return;
	r->nodes += node->size;
	node = document_copy(r->arena, node);
	count_into_parent(r, node);
	attach(r, node);
}

static void take_document(struct reader *r, const yaml_event_t *event)
{
	if (!r->documents++)
		return;
	lc_problem(r->problems, at_mark(&event->start_mark),
		   "a second document begins here: a file is one scenario");
	r->stopped = true;
}

static void take_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		take_document(r, event);
		break;
	case YAML_SCALAR_EVENT:
		take_scalar(r, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		take_start(r, event, DOCUMENT_SEQUENCE,
			   event->data.sequence_start.anchor,
			   event->data.sequence_start.tag);
		break;
	case YAML_MAPPING_START_EVENT:
		take_start(r, event, DOCUMENT_MAPPING,
			   event->data.mapping_start.anchor,
			   event->data.mapping_start.tag);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		take_end(r);
		break;
	case YAML_ALIAS_EVENT:
		take_alias(r, event);
		break;
	case YAML_STREAM_END_EVENT:
		r->stopped = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

/* Return: whether the whole text could be read */
static bool read_events(struct reader *r, const struct source *source)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool ended = false;

	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser,
				     (const unsigned char *)source->text,
				     source->length);
	while (!r->stopped) {
		if (!yaml_parser_parse(&parser, &event)) {
			syntax_problem(&parser, source, r->problems);
			break;
		}
		take_event(r, &event);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ended;
}

struct document *document_read(const struct source *source,
			       struct lc_problems *problems)
{
	struct arena *arena = arena_new();
	struct document *document = arena_alloc(arena, sizeof(*document));
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	document->arena = r->arena = arena;
	anchors_init(&r->anchors, arena);
	r->document = document;
	r->problems = problems;
	comments_init(&r->comments, source->text, source->length);
	if (!read_events(r, source))
		document->root = NULL;
	else if (!document->root || document->root->nothing)
		lc_problem(problems, (struct lc_at){ 1, 1 },
			   "the file holds no scenario");
	for (size_t i = 0; i < DOCUMENT_MAX_DEPTH; i++)
		free(r->levels[i].pairs);
	free(r);
	return document;
}
