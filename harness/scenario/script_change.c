// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_change.c - what steps make of a lab, as commands
 *
 * A function for each step, to be called in the order of the steps once the lab
 * is built: the script builds what labcheck builds, and that is the first state.
 * What leaves goes first, as it does in labcheck.
 */
#include "address.h"
#include "difference.h"
#include "plan.h"
#include "quote.h"
#include "script_change.h"
#include "script_command.h"
#include "script_node.h"

static void end_processes(const struct plan_node *node, FILE *out)
{
	fputs("ip netns pids ", out);
	shell_word(out, node->name);
	fputs(" | xargs -r kill -9\n", out);
}

static void delete_links(const struct plan *plan, const struct plan_node *node,
			 FILE *out)
{
	size_t i;

	for (i = 0; i < node->interface_count; i++) {
		if (!plan_interface_leaves(plan, node, &node->interfaces[i]))
			continue;
		script_command(out, "ip", node, "link delete");
		script_option(out, "dev", node->interfaces[i].name);
		putc('\n', out);
	}
}

/* Whether a route goes by itself, with the interface that leads to its via */
static bool goes_with_link(const struct plan_node *before,
			   const struct plan_node *after,
			   const struct plan_route *route)
{
	const struct plan_interface *f;
	size_t i, k;

	for (i = 0; i < before->interface_count; i++) {
		f = &before->interfaces[i];
		if (plan_interface_by_index(after, f->ifindex))
			continue;
		if (f->ifindex == route->ifindex)
			return true;
		for (k = 0; k < f->address_count; k++)
			if (route->via.family &&
			    prefix_contains(&f->addresses[k].ip,
					    f->addresses[k].length,
					    &route->via))
				return true;
	}
	return false;
}

static void delete_routes(const struct plan_node *before,
			  const struct plan_node *after, FILE *out)
{
	size_t i;

	for (i = 0; i < before->route_count; i++)
		if (!node_has_route(after, &before->routes[i]) &&
		    !goes_with_link(before, after, &before->routes[i]))
			script_route(out, before, "delete",
				     &before->routes[i]);
}

static void leave(const struct plan *plan, FILE *out)
{
	const struct plan_node *node, *after;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (!node->absent && plan_node_leaves(plan, node))
			end_processes(node, out);
		if (node->kind == NODE_OWN && !node->absent)
			delete_links(plan, node, out);
	}
	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		after = &plan->next->nodes[n];
		if (node->absent)
			continue;
		if (!after->absent) {
			delete_routes(node, after, out);
		} else if (node->owner->kind != NODE_ADOPTED) {
			fputs("ip netns delete ", out);
			shell_word(out, node->name);
			putc('\n', out);
		}
	}
}

void script_changes(const struct plan *plan, FILE *out)
{
	const struct step_said *step;

	if (plan->next)
		fputs("\n# What steps make of it, in their order\n", out);
	for (; plan->next; plan = plan->next) {
		step = &plan->scenario->steps[plan->next_step];
		fprintf(out, "\n# Line %u:", step->at.line);
		shell_comment(out, step->title);
		fprintf(out, "step_%u() {\n", plan->next_step + 1);
		leave(plan, out);
		script_namespaces(plan->next, out);
		script_state(plan->next, out);
		fputs(":\n}\n", out);
	}
}
