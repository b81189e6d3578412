// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys.c - which number a key has
 *
 * Open addressing, at most half full.
 */
#include <string.h>

#include "arena.h"
#include "keys.h"

struct entry {
	const void *key;		/* NULL: free */
	uint32_t hash;
	uint32_t size;
	uint32_t scope;
	uint32_t number;
};

struct keys {
	struct arena *arena;
	struct entry *entries;
	size_t count, room;		/* room: a power of two */
};

struct keys *keys_new(struct arena *arena)
{
	struct keys *keys = arena_alloc(arena, sizeof(*keys));

	keys->arena = arena;
	keys->room = 16;
	keys->entries = arena_alloc(arena, keys->room * sizeof(struct entry));
	return keys;
}

/* FNV-1a; its last bytes have hardly reached the high bits, so stir at the end
 * (the finalizer of MurmurHash3) */
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325 ^ seed;
	const uint8_t *b = bytes;

	while (size--) {
		hash ^= *b++;
		hash *= 0x100000001b3;
	}
	hash ^= hash >> 33;
	hash *= 0xff51afd7ed558ccd;
	hash ^= hash >> 33;
	hash *= 0xc4ceb9fe1a85ec53;
	return hash ^ hash >> 33;
}

/* Where a key is, or the free place where it belongs */
static struct entry *place_of(const struct keys *keys, uint32_t hash,
			      uint32_t scope, const void *key, size_t size)
{
	size_t i = hash;
	struct entry *e;

	for (;; i++) {
		e = &keys->entries[i & (keys->room - 1)];
		if (!e->key)
			return e;
		if (e->hash == hash && e->scope == scope && e->size == size &&
		    memcmp(e->key, key, size) == 0)
			return e;
	}
}

static void grow(struct keys *keys)
{
	struct entry *old = keys->entries;
	size_t i, room = keys->room;

	keys->room *= 2;
	keys->entries = arena_alloc(keys->arena,
				    keys->room * sizeof(struct entry));
	for (i = 0; i < room; i++)
		if (old[i].key)
			*place_of(keys, old[i].hash, old[i].scope, old[i].key,
				  old[i].size) = old[i];
	arena_drop(keys->arena, old, room * sizeof(*old));
}

bool keys_add(struct keys *keys, uint32_t scope, const void *key, size_t size,
	      uint32_t number)
{
	uint32_t hash = (uint32_t)hash_bytes(scope, key, size);
	struct entry *e;

	if (keys->count * 2 >= keys->room)
		grow(keys);
	e = place_of(keys, hash, scope, key, size);
	if (e->key)
		return false;
	*e = (struct entry){
		.key = arena_copy(keys->arena, key, size),
		.hash = hash,
		.size = (uint32_t)size,
		.scope = scope,
		.number = number,
	};
	keys->count++;
	return true;
}

bool keys_find(const struct keys *keys, uint32_t scope, const void *key,
	       size_t size, uint32_t *ret_number)
{
	const struct entry *e;

	e = place_of(keys, (uint32_t)hash_bytes(scope, key, size), scope, key,
		     size);
	if (!e->key)
		return false;
	if (ret_number)
		*ret_number = e->number;
	return true;
}

bool keys_add_name(struct keys *keys, uint32_t scope, const char *name,
		   uint32_t number)
{
	return keys_add(keys, scope, name, strlen(name), number);
}

bool keys_find_name(const struct keys *keys, uint32_t scope, const char *name,
		    uint32_t *ret_number)
{
	return keys_find(keys, scope, name, strlen(name), ret_number);
}
