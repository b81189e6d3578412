// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * emit.c - a verified document as plain YAML again
 *
 * All that can fail here is memory, which ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "scenario/document.h"
#include "scenario/emit.h"

static void must(int done)
{
	if (!done)
		abort();
}

static int write_text(void *data, unsigned char *bytes, size_t length)
{
	return fwrite(bytes, 1, length, data) == length;
}

static void emit_scalar(yaml_emitter_t *emitter, const char *text)
{
	yaml_event_t event;

	must(yaml_scalar_event_initialize(&event, NULL, NULL,
					  (const yaml_char_t *)text,
					  (int)strlen(text), 1, 1,
					  YAML_DOUBLE_QUOTED_SCALAR_STYLE));
	must(yaml_emitter_emit(emitter, &event));
}

static void emit_node(yaml_emitter_t *emitter, const struct document_node *node);

static void emit_items(yaml_emitter_t *emitter,
		       const struct document_node *node)
{
	yaml_event_t event;

	must(yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
						  YAML_BLOCK_SEQUENCE_STYLE));
	must(yaml_emitter_emit(emitter, &event));
	for (size_t i = 0; i < node->count; i++)
		if (!node->items[i]->left_out)
			emit_node(emitter, node->items[i]);
	must(yaml_sequence_end_event_initialize(&event));
	must(yaml_emitter_emit(emitter, &event));
}

static void emit_pairs(yaml_emitter_t *emitter,
		       const struct document_node *node)
{
	yaml_event_t event;

	must(yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
						 YAML_BLOCK_MAPPING_STYLE));
	must(yaml_emitter_emit(emitter, &event));
	for (size_t i = 0; i < node->count; i++) {
		if (node->pairs[i].value->left_out)
			continue;
		emit_scalar(emitter, node->pairs[i].key->text);
		emit_node(emitter, node->pairs[i].value);
	}
	must(yaml_mapping_end_event_initialize(&event));
	must(yaml_emitter_emit(emitter, &event));
}

static void emit_node(yaml_emitter_t *emitter, const struct document_node *node)
{
	switch (node->kind) {
	case DOCUMENT_SCALAR:
		emit_scalar(emitter, node->text);
		break;
	case DOCUMENT_SEQUENCE:
		emit_items(emitter, node);
		break;
	case DOCUMENT_MAPPING:
		emit_pairs(emitter, node);
		break;
	}
}

static void emit_document(yaml_emitter_t *emitter,
			  const struct document_node *root)
{
	yaml_event_t event;

	must(yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	must(yaml_emitter_emit(emitter, &event));
	must(yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
	must(yaml_emitter_emit(emitter, &event));
	emit_node(emitter, root);
	must(yaml_document_end_event_initialize(&event, 1));
	must(yaml_emitter_emit(emitter, &event));
	must(yaml_stream_end_event_initialize(&event));
	must(yaml_emitter_emit(emitter, &event));
}

void emit(const struct document *document, char **ret_text, size_t *ret_length)
{
	yaml_emitter_t emitter;
	FILE *out = open_memstream(ret_text, ret_length);

	must(out && yaml_emitter_initialize(&emitter));
	yaml_emitter_set_output(&emitter, write_text, out);
	yaml_emitter_set_encoding(&emitter, YAML_UTF8_ENCODING);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	emit_document(&emitter, document->root);
	yaml_emitter_delete(&emitter);
	must(fclose(out) == 0);
}
