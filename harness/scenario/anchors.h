/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * anchors.h - what the anchors of a file stand for
 */
#ifndef SCENARIO_ANCHORS_H
#define SCENARIO_ANCHORS_H

#include <stdint.h>

struct arena;
struct document_node;
struct keys;

/** struct anchors - Names, their numbers, and the nodes of these */
struct anchors {
	struct arena *arena;
	struct keys *numbers;
	struct document_node **nodes;
	uint32_t count;
};

void anchors_init(struct anchors *anchors, struct arena *arena);

/** anchors_note() - A node has an anchor; NULL: it has none */
void anchors_note(struct anchors *anchors, const char *name,
		  struct document_node *node);

/** anchors_find() - What an alias stands for; NULL: nothing */
struct document_node *anchors_find(const struct anchors *anchors,
				   const char *name);

#endif
