/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port_map.h - which ports of hosts are taken
 */
#ifndef SCENARIO_PORT_MAP_H
#define SCENARIO_PORT_MAP_H

#include <labcheck/value.h>

struct arena;
struct port_map;

struct port_maps {
	struct arena *arena;
	struct port_map **items;
	size_t count;
};

/** port_on_overlaps() - Whether two addresses that ports are bound to have one
 * in common; family 0: any */
bool port_on_overlaps(const struct lc_ip *a, const struct lc_ip *b);

/** ports_are_taken() - Whether somebody has one of the host's ports of @p */
bool ports_are_taken(const struct port_maps *maps, uint32_t host,
		     const struct lc_publish *p);
void ports_take(struct port_maps *maps, uint32_t host,
		const struct lc_publish *p);

/**
 * ports_choose() - Fill in the host's ports of @p, and take them
 *
 * The first that are free in the range that @p gives for it, or from 32768 on
 * the next that were not chosen before.  false: there are none.
 */
bool ports_choose(struct port_maps *maps, uint32_t host, struct lc_publish *p);

#endif
