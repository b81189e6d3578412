/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arena.h - memory that is given back all at once
 */
#ifndef SCENARIO_ARENA_H
#define SCENARIO_ARENA_H

#include <stddef.h>

struct arena;

/* Out of memory ends the program: a plan is small, and half of one is of no
 * use to anybody */
struct arena *arena_new(void);
void arena_free(struct arena *arena);

/** arena_alloc() - Zeroed memory, aligned for pointers and 64-bit numbers */
void *arena_alloc(struct arena *arena, size_t size);

/** arena_bytes() - Memory that is aligned for nothing */
void *arena_bytes(struct arena *arena, size_t size);

/** arena_copy() - Bytes, aligned for nothing as well */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * arena_grow() - Room for one more in an array of @count elements, zeroed
 *
 * Return: where the array is then; pointers into the old one are void
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size);

/** arena_drop() - Something is needed no more: if it is large, it goes at once */
void arena_drop(struct arena *arena, void *memory, size_t size);

#endif
