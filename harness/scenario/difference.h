/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * difference.h - what one state of a lab has, and another has not
 */
#ifndef SCENARIO_DIFFERENCE_H
#define SCENARIO_DIFFERENCE_H

#include <stdbool.h>

#include "plan.h"

bool interface_has_address(const struct plan_interface *interface,
			   const struct plan_address *address);
bool node_has_neighbor(const struct plan_node *node,
		       const struct plan_neighbor *neighbor);
bool node_has_fdb(const struct plan_node *node, const struct plan_fdb *fdb);
bool node_has_route(const struct plan_node *node,
		    const struct plan_route *route);
bool node_has_rules(const struct plan_node *node, const char *nftables);

/** plan_lives_in() - Whether some node lives in the namespace of one */
bool plan_lives_in(const struct plan *plan, uint32_t owner);

/** plan_node_leaves() - Whether its namespace is gone in plan->next */
bool plan_node_leaves(const struct plan *plan, const struct plan_node *node);

/**
 * plan_interface_leaves() - Whether it is to be deleted to come to plan->next
 *
 * Not if it goes with its namespace, and nobody outside could see it meanwhile.
 * Of a cable the end that made it.
 */
bool plan_interface_leaves(const struct plan *plan,
			   const struct plan_node *node,
			   const struct plan_interface *interface);

/* Whether it is there, and was not in plan->before, or there is none before */
bool plan_node_comes(const struct plan *plan, const struct plan_node *node);
bool plan_interface_comes(const struct plan *plan,
			  const struct plan_node *node,
			  const struct plan_interface *interface);

/** plan_node_before() - The node in plan->before; NULL: it comes */
const struct plan_node *plan_node_before(const struct plan *plan,
					 const struct plan_node *node);

#endif
