// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_map.c - which ports of hosts are taken
 *
 * A bit each, per host, protocol and address: ranges of ten thousand are common,
 * and two of them must be told apart at once.
 */
#include "address.h"
#include "arena.h"
#include "port_map.h"

enum {
	/* The kernel's net.ipv4.ip_local_port_range, whence Docker takes them */
	EPHEMERAL_FIRST = 32768,
	EPHEMERAL_LAST = 60999,
	PORT_WORDS = 65536 / 64,
};

/** struct port_map - Ports that are taken at one address of a host */
struct port_map {
	uint32_t host;
	uint8_t protocol;
	struct lc_ip on;		/* family 0: any */
	uint32_t next;			/* ephemeral one */
	uint64_t taken[PORT_WORDS];
};

bool port_on_overlaps(const struct lc_ip *a, const struct lc_ip *b)
{
	if (!a->family || !b->family)
		return true;
	if (a->family != b->family)
		return false;
	return ip_is_any(a) || ip_is_any(b) || ip_equal(a, b);
}

static struct port_map *map_of(struct port_maps *maps, uint32_t host,
			       const struct lc_publish *p)
{
	struct port_map *map;
	size_t i;

	for (i = 0; i < maps->count; i++) {
		map = maps->items[i];
		if (map->host == host && map->protocol == p->protocol &&
		    ip_equal(&map->on, &p->on))
			return map;
	}
	map = arena_alloc(maps->arena, sizeof(*map));
	map->host = host;
	map->protocol = p->protocol;
	map->on = p->on;
	map->next = EPHEMERAL_FIRST;
	maps->items = arena_grow(maps->arena, maps->items, maps->count,
				 sizeof(map));
	maps->items[maps->count++] = map;
	return map;
}

/* Of a word of the map the bits from @first to @last */
static uint64_t bits_of(uint32_t word, uint32_t first, uint32_t last)
{
	uint64_t bits = ~0ull;

	if (word == first / 64)
		bits &= ~0ull << first % 64;
	if (word == last / 64)
		bits &= ~0ull >> (63 - last % 64);
	return bits;
}

static bool map_has(const struct port_map *map, uint32_t first, uint32_t last)
{
	uint32_t word;

	for (word = first / 64; word <= last / 64; word++)
		if (map->taken[word] & bits_of(word, first, last))
			return true;
	return false;
}

static void map_take(struct port_map *map, uint32_t first, uint32_t last)
{
	uint32_t word;

	for (word = first / 64; word <= last / 64; word++)
		map->taken[word] |= bits_of(word, first, last);
}

static bool is_taken(const struct port_maps *maps, uint32_t host,
		     const struct lc_publish *p, uint32_t first, uint32_t last)
{
	const struct port_map *map;
	size_t i;

	for (i = 0; i < maps->count; i++) {
		map = maps->items[i];
		if (map->host == host && map->protocol == p->protocol &&
		    port_on_overlaps(&map->on, &p->on) &&
		    map_has(map, first, last))
			return true;
	}
	return false;
}

bool ports_are_taken(const struct port_maps *maps, uint32_t host,
		     const struct lc_publish *p)
{
	return is_taken(maps, host, p, p->host_first, p->host_last);
}

void ports_take(struct port_maps *maps, uint32_t host,
		const struct lc_publish *p)
{
	map_take(map_of(maps, host, p), p->host_first, p->host_last);
}

bool ports_choose(struct port_maps *maps, uint32_t host, struct lc_publish *p)
{
	struct port_map *map = map_of(maps, host, p);
	bool any = !p->host_first;
	uint32_t first = any ? map->next : p->host_first;
	uint32_t end = any ? EPHEMERAL_LAST : p->host_last;
	uint32_t more = p->last - p->first;

	while (first + more <= end &&
	       is_taken(maps, host, p, first, first + more))
		first++;
	if (first + more > end)
		return false;
	p->host_first = (uint16_t)first;
	p->host_last = (uint16_t)(first + more);
	map_take(map, first, first + more);
	if (any)
		map->next = first + more + 1;
	return true;
}
