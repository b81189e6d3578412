/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route_query.h - the route that a packet takes, whatever routes are chosen by
 */
#ifndef LAB_ROUTE_QUERY_H
#define LAB_ROUTE_QUERY_H

#include <labcheck/value.h>

struct lc_err;
struct lc_node;
struct lc_route;

/**
 * struct route_query - A packet, as far as routes and rules look at it
 * @source:	Family 0: not known yet
 * @came_in_at:	ifindex; 0: the node sends it
 * @protocol:	IPPROTO_...; ports in host order.  0: not told
 */
struct route_query {
	struct lc_ip to, source;
	uint32_t came_in_at;
	uint8_t protocol;
	uint16_t source_port, destination_port;
};

/**
 * node_route() - As lc_node_lookup(), of a whole packet
 *
 * With @came_in_at -EINVAL is also what the kernel says of a source that it does
 * not believe in.
 */
int node_route(struct lc_node *node, const struct route_query *of,
	       struct lc_route *ret_route, struct lc_err *err);

#endif
