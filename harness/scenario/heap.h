/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heap.h - allocations that grow cheaply and go all at once
 */
#ifndef SCENARIO_HEAP_H
#define SCENARIO_HEAP_H

#include <stddef.h>

struct heap;

struct heap *heap_new(void);
void heap_free(struct heap *heap);

/**
 * heap_memory() - malloc(), realloc() and free() in one
 * @context:	The heap
 * @memory:	NULL: allocate
 * @size:	0: free
 *
 * The shape is that of libcyaml's memory function.
 */
void *heap_memory(void *context, void *memory, size_t size);

#endif
