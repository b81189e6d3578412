// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys.c - which number a key has
 *
 * Entries lie in the order in which they came, and a table of their positions
 * finds them by open addressing.  Of the two it is the table that has to be
 * half empty, so its slots are small: labs have tens of thousands of names.
 */
#include <string.h>

#include "arena.h"
#include "keys.h"

struct entry {
	const char *key;		/* its size, then its bytes */
	uint32_t scope;
	uint32_t number;
};

struct keys {
	struct arena *arena;
	struct entry *entries;
	uint32_t *slots;		/* 0: free, else a position from 1 on */
	size_t count, room;		/* room: slots, a power of two */
};

struct keys *keys_new(struct arena *arena)
{
	struct keys *keys = arena_alloc(arena, sizeof(*keys));

	keys->arena = arena;
	keys->room = 16;
	keys->slots = arena_alloc(arena, keys->room * sizeof(*keys->slots));
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

static uint32_t size_of(const struct entry *e)
{
	uint32_t size;

	memcpy(&size, e->key, sizeof(size));
	return size;
}

static const char *bytes_of(const struct entry *e)
{
	return e->key + sizeof(uint32_t);
}

static const char *copy_key(struct arena *arena, const void *key, size_t size)
{
	const uint32_t length = (uint32_t)size;
	char *copy = arena_bytes(arena, sizeof(length) + size);

	memcpy(copy, &length, sizeof(length));
	memcpy(copy + sizeof(length), key, size);
	return copy;
}

/* Where the position of a key is, or the free slot where it belongs */
static uint32_t *slot_of(const struct keys *keys, uint32_t scope,
			 const void *key, size_t size)
{
	size_t i = hash_bytes(scope, key, size);
	const struct entry *e;
	uint32_t *slot;

	for (;; i++) {
		slot = &keys->slots[i & (keys->room - 1)];
		if (!*slot)
			return slot;
		e = &keys->entries[*slot - 1];
		if (e->scope == scope && size_of(e) == size &&
		    memcmp(bytes_of(e), key, size) == 0)
			return slot;
	}
}

static void grow(struct keys *keys)
{
	arena_drop(keys->arena, keys->slots,
		   keys->room * sizeof(*keys->slots));
	keys->room *= 2;
	keys->slots = arena_alloc(keys->arena,
				  keys->room * sizeof(*keys->slots));
	for (uint32_t i = 0; i < keys->count; i++) {
		const struct entry *e = &keys->entries[i];

		*slot_of(keys, e->scope, bytes_of(e), size_of(e)) = i + 1;
	}
}

bool keys_add(struct keys *keys, uint32_t scope, const void *key, size_t size,
	      uint32_t number)
{
	uint32_t *slot;

	if (keys->count * 2 >= keys->room)
		grow(keys);
	slot = slot_of(keys, scope, key, size);
	if (*slot)
		return false;
	keys->entries = arena_grow(keys->arena, keys->entries, keys->count,
				   sizeof(*keys->entries));
	keys->entries[keys->count] = (struct entry){
		.key = copy_key(keys->arena, key, size),
		.scope = scope,
		.number = number,
	};
	*slot = (uint32_t)++keys->count;
	return true;
}

bool keys_find(const struct keys *keys, uint32_t scope, const void *key,
	       size_t size, uint32_t *ret_number)
{
	const uint32_t *slot = slot_of(keys, scope, key, size);

	if (!*slot)
		return false;
	if (ret_number)
		*ret_number = keys->entries[*slot - 1].number;
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
