// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * heap.c - allocations that grow cheaply and go all at once
 *
 * libcyaml lengthens an array by one item at a time.  With realloc() that is
 * quadratic wherever it has to move, so a block here has room for twice what
 * it held; what is never touched costs no memory.  All blocks are linked, so
 * that nothing depends on libcyaml to find them again, also after an error.
 *
 * It asks for each text by itself as well, for which that is too much: small
 * pieces lie side by side in an arena, and are given back with it.
 */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/arena.h"
#include "scenario/heap.h"

enum { PIECE_MAX = 256 };

struct block {
	struct block *next, **link;
	size_t unused, room;
	alignas(max_align_t) char data[];
};

struct piece {
	size_t room;			/* at most PIECE_MAX */
	char data[];
};

/* So that what is before memory tells of which kind it is */
_Static_assert(offsetof(struct block, data) - offsetof(struct block, room) ==
	       offsetof(struct piece, data), "the room is next to the data");

struct heap {
	struct block *blocks;
	struct arena *arena;
};

struct heap *heap_new(void)
{
	struct heap *heap = calloc(1, sizeof(*heap));

	if (!heap)
		abort();
	heap->arena = arena_new();
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
	arena_free(heap->arena);
	free(heap);
}

static void delist(struct block *block)
{
	*block->link = block->next;
	if (block->next)
		block->next->link = block->link;
}

static struct block *block_of(void *memory)
{
	return (struct block *)((char *)memory - offsetof(struct block, data));
}

/* A new one, or one that grows */
static void *block_resize(struct heap *heap, struct block *old, size_t room)
{
	struct block *block;

	if (old)
		delist(old);
	block = realloc(old, sizeof(*block) + room);
	if (!block)
		abort();
	block->room = room;
	block->next = heap->blocks;
	block->link = &heap->blocks;
	if (block->next)
		block->next->link = &block->next;
	heap->blocks = block;
	return block->data;
}

static void *piece_new(struct heap *heap, size_t room)
{
	struct piece *piece = arena_alloc(heap->arena, sizeof(*piece) + room);

	piece->room = room;
	return piece->data;
}

static void release(void *memory, size_t room)
{
	if (room <= PIECE_MAX)
		return;
	delist(block_of(memory));
	free(block_of(memory));
}

void *heap_memory(void *context, void *memory, size_t size)
{
	size_t room = memory ? ((size_t *)memory)[-1] : 0;
	struct heap *heap = context;
	size_t wanted = room * 2 > size ? room * 2 : size;
	void *new;

	if (!size)
		release(memory, room);
	if (!size)
		return NULL;
	if (size <= room)
		return memory;
	if (room > PIECE_MAX)
		return block_resize(heap, block_of(memory), wanted);
	new = wanted > PIECE_MAX ? block_resize(heap, NULL, wanted) :
				   piece_new(heap, wanted);
	return room ? memcpy(new, memory, room) : new;
}
