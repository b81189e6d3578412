/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - which number a key has: positions by name, addresses that are taken
 *
 * Keys are bytes within a scope; the interfaces of one node are a scope.
 */
#ifndef SCENARIO_KEYS_H
#define SCENARIO_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct keys;

struct keys *keys_new(struct arena *arena);

/** keys_add() - Note a key, which is copied; false: it is there already */
bool keys_add(struct keys *keys, uint32_t scope, const void *key, size_t size,
	      uint32_t number);

/** keys_find() - false: it is not there; @ret_number may be NULL */
bool keys_find(const struct keys *keys, uint32_t scope, const void *key,
	       size_t size, uint32_t *ret_number);

/* The same for names */
bool keys_add_name(struct keys *keys, uint32_t scope, const char *name,
		   uint32_t number);
bool keys_find_name(const struct keys *keys, uint32_t scope, const char *name,
		    uint32_t *ret_number);

/** hash_bytes() - 64 bits that are the same in every run, well stirred */
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t size);

#endif
