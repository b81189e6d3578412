/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing.h - what `route` and `routes` share: a route as a scenario says it
 */
#ifndef CHECKS_ROUTING_H
#define CHECKS_ROUTING_H

#include <labcheck/check.h>

enum { ROUTE_TEXT_SIZE = 256, TABLE_MAIN = 254 };

/** struct said_route - The keys of a route; what is not given may be anything */
struct said_route {
	struct lc_at at;
	struct lc_value to, via, dev, source, metric, type;
};

/** routing_table() - All routes of a node; false: it can't be asked, and the verdict
 * says why */
bool routing_table(struct lc_lab *lab, const char *node,
		   struct lc_route **ret_routes, size_t *ret_count,
		   struct lc_verdict *v);

/** said_route_matches() - Whether the kernel's route is what is said */
bool said_route_matches(const struct said_route *said,
			const struct lc_route *route);

/** said_route_format() - "default via 192.168.1.2 dev eth0" */
void said_route_format(const struct said_route *said,
		       char text[ROUTE_TEXT_SIZE]);
void route_format(const struct lc_route *route, char text[ROUTE_TEXT_SIZE]);

/* `type:`, and the RTN_... of each */
extern const char *const route_type_words[];

#endif
