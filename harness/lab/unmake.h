/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unmake.h - what a node has in one plan, and not in the other
 */
#ifndef LAB_UNMAKE_H
#define LAB_UNMAKE_H

#include <stdbool.h>

struct plan_address;
struct plan_fdb;
struct plan_interface;
struct plan_neighbor;
struct plan_node;
struct plan_route;
struct rtnl;

bool interface_has_address(const struct plan_interface *interface,
			   const struct plan_address *address);
bool node_has_neighbor(const struct plan_node *node,
		       const struct plan_neighbor *neighbor);
bool node_has_fdb(const struct plan_node *node, const struct plan_fdb *fdb);
bool node_has_route(const struct plan_node *node,
		    const struct plan_route *route);

/**
 * node_unmake() - Delete routes, neighbours, forwarding entries and
 *		  addresses that are no more
 * @before, @after: The node in the two plans
 *
 * Into the batch.  What went with an interface, or what steps have deleted, is
 * no error.
 */
void node_unmake(struct rtnl *rtnl, const struct plan_node *before,
		 const struct plan_node *after);

#endif
