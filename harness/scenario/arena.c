// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arena.c - memory that is given back all at once
 *
 * Blocks of doubling size, up to some that what malloc() has left over still
 * has room for, one behind the other; an allocation never moves.  Only what is
 * large has a block of its own: an array that grows would else leave as much
 * behind as it has.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

enum { BLOCK_FIRST = 4096, BLOCK_LAST = 65536, ALLOCATION_LARGE = 4096 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

struct arena {
	struct block *blocks;
};

static void *must(void *p)
{
	if (!p) {
		fputs("labcheck: out of memory\n", stderr);
		abort();
	}
	return p;
}

struct arena *arena_new(void)
{
	return must(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *arena)
{
	struct block *b, *next;

	if (!arena)
		return;
	for (b = arena->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}

/* Untouched memory is none: so blocks are not cleared, but taken as zeroed */
static struct block *block_new(size_t room, struct block *next)
{
	struct block *b = must(calloc(1, sizeof(*b) + room));

	b->size = room;
	b->next = next;
	return b;
}

/* Behind the one that is being filled */
static void *take_large(struct arena *arena, size_t size)
{
	struct block **link = &arena->blocks;

	if (*link)
		link = &(*link)->next;
	*link = block_new(size, *link);
	(*link)->used = size;
	return (*link)->data;
}

static size_t next_size(const struct block *b)
{
	if (!b || b->size < BLOCK_FIRST)
		return BLOCK_FIRST;
	return b->size < BLOCK_LAST ? b->size * 2 : BLOCK_LAST;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	struct block *b = arena->blocks;
	size_t at = b ? (b->used + align - 1) / align * align : 0;

	if (size >= ALLOCATION_LARGE)
		return take_large(arena, size);
	if (!b || at > b->size || b->size - at < size) {
		b = arena->blocks = block_new(next_size(b), b);
		at = 0;
	}
	b->used = at + size;
	return b->data + at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, _Alignof(uint64_t));
}

void *arena_bytes(struct arena *arena, size_t size)
{
	return take(arena, size, 1);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	return memcpy(arena_bytes(arena, size), bytes, size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text) + 1);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = arena_bytes(arena, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

/* Where the block hangs that is nothing but a large allocation */
static struct block **link_of(struct arena *arena, const void *memory)
{
	struct block **link = &arena->blocks;

	while ((*link)->data != memory)
		link = &(*link)->next;
	return link;
}

void arena_drop(struct arena *arena, void *memory, size_t size)
{
	struct block **link, *block;

	if (size < ALLOCATION_LARGE)
		return;
	link = link_of(arena, memory);
	block = *link;
	*link = block->next;
	free(block);
}

static void *double_large(struct arena *arena, void *array, size_t size)
{
	struct block **link = link_of(arena, array);

	*link = must(realloc(*link, sizeof(**link) + 2 * size));
	(*link)->used = (*link)->size = 2 * size;
	return (*link)->data;
}

static void *double_array(struct arena *arena, void *array, size_t size)
{
	if (size >= ALLOCATION_LARGE)
		return double_large(arena, array, size);
	return memcpy(arena_alloc(arena, 2 * size), array, size);
}

/* The array doubles whenever its count reaches a power of two */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	if (!count)
		array = arena_alloc(arena, size);
	else if (!(count & (count - 1)))
		array = double_array(arena, array, count * size);
	memset((char *)array + count * size, 0, size);
	return array;
}
