// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * heap.c - allocations that grow cheaply and go all at once
 *
 * libcyaml lengthens an array by one item at a time.  With realloc() that is
 * quadratic wherever it has to move, so a block here has room for twice what
 * it held; what is never touched costs no memory.  All blocks are linked, so
 * that nothing depends on libcyaml to find them again, also after an error.
 */
#include <stdalign.h>
#include <stdlib.h>

#include "scenario/heap.h"

struct block {
	struct block *next, **link;
	size_t room;
	alignas(max_align_t) char data[];
};

struct heap {
	struct block *blocks;
};

struct heap *heap_new(void)
{
	struct heap *heap = calloc(1, sizeof(*heap));

	if (!heap)
		abort();
	return heap;
}

void heap_free(struct heap *heap)
{
	struct block *next;

	if (!heap)
		return;
	for (struct block *b = heap->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(heap);
}

static void enlist(struct heap *heap, struct block *block)
{
	block->next = heap->blocks;
	block->link = &heap->blocks;
	if (block->next)
		block->next->link = &block->next;
	heap->blocks = block;
}

static void delist(struct block *block)
{
	*block->link = block->next;
	if (block->next)
		block->next->link = block->link;
}

void *heap_memory(void *context, void *memory, size_t size)
{
	struct block *old = NULL, *new;
	size_t room = size;

	if (memory) {
		old = (struct block *)((char *)memory -
				       offsetof(struct block, data));
		if (size && size <= old->room)
			return memory;
		delist(old);
		room = old->room * 2 > size ? old->room * 2 : size;
	}
	if (!size) {
		free(old);
		return NULL;
	}
	new = realloc(old, sizeof(*new) + room);
	if (!new)
		abort();
	new->room = room;
	enlist(context, new);
	return new->data;
}
