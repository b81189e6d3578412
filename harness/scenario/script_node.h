/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_node.h - what is set in a node once its interfaces are there, as commands
 */
#ifndef SCENARIO_SCRIPT_NODE_H
#define SCENARIO_SCRIPT_NODE_H

#include <stdio.h>

struct plan;
struct plan_node;
struct plan_route;

/** script_node() - Its settings, interfaces up, addresses, neighbours and routes, but
 * for what it had in plan->before */
void script_node(const struct plan *plan, const struct plan_node *node,
		 FILE *out);

/** script_route() - "ip -n NODE route VERB default via ..." */
void script_route(FILE *out, const struct plan_node *node, const char *verb,
		  const struct plan_route *route);

#endif
