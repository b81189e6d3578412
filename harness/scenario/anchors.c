// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * anchors.c - what the anchors of a file stand for
 */
#include "scenario/anchors.h"
#include "scenario/arena.h"
#include "scenario/keys.h"

void anchors_init(struct anchors *a, struct arena *arena)
{
	*a = (struct anchors){ .arena = arena, .numbers = keys_new(arena) };
}

void anchors_note(struct anchors *a, const char *name,
		  struct document_node *node)
{
	uint32_t number;

	if (!name)
		return;
	/* An anchor may be set anew; aliases mean the last one before them */
	if (keys_find_name(a->numbers, 0, name, &number)) {
		a->nodes[number] = node;
		return;
	}
	number = a->count;
	keys_add_name(a->numbers, 0, name, number);
	a->nodes = arena_grow(a->arena, a->nodes, number, sizeof(node));
	a->nodes[a->count++] = node;
}

struct document_node *anchors_find(const struct anchors *a, const char *name)
{
	uint32_t number;

	return keys_find_name(a->numbers, 0, name, &number) ? a->nodes[number] :
							      NULL;
}
