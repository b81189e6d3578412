// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab.c - a lab that stands, and its nodes by name
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>
#include <labcheck/report.h>

#include "lab.h"
#include "plug.h"
#include "rtnl.h"

struct lc_node *lc_lab_node(struct lc_lab *lab, const char *name,
			    struct lc_err *err)
{
	int index = plan_node_find(lab->plan, name);

	if (index >= 0)
		return &lab->nodes[index];
	lc_err_set(err, -ENOENT, "the lab has no node %s", name);
	return NULL;
}

bool node_stands(const struct lc_node *node)
{
	return node->plan->kind == NODE_OWN && node->netns >= 0;
}

bool node_is_new(const struct lc_node *node)
{
	const struct plan *before = node->lab->before;

	return !node->plan->absent &&
	       (!before || before->nodes[node->index].absent);
}

bool interface_is_new(const struct lc_node *node,
		      const struct plan_interface *interface)
{
	const struct plan *before = node->lab->before;

	return !before || !plan_interface_by_index(&before->nodes[node->index],
						   interface->ifindex);
}

const char *lc_node_name(const struct lc_node *node)
{
	return node->plan->name;
}

static bool is_among(struct lc_node *const *nodes, size_t count,
		     const struct lc_node *node)
{
	for (size_t i = 0; i < count; i++)
		if (nodes[i] == node)
			return true;
	return false;
}

int lc_lab_nodes(struct lc_lab *lab, const struct lc_list *patterns,
		 struct lc_node ***ret_nodes, size_t *ret_count,
		 struct lc_err *err)
{
	struct lc_node **nodes = calloc(lab->node_count + 1, sizeof(*nodes));
	size_t count = 0;

	if (!nodes)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (uint32_t i = 0; i < patterns->count; i++) {
		size_t before = count;

		for (size_t k = 0; k < lab->node_count; k++)
			if (!lab->nodes[k].plan->absent &&
			    !lab->nodes[k].plan->made &&
			    !fnmatch(patterns->items[i].text,
				     lab->nodes[k].plan->name, 0) &&
			    !is_among(nodes, before, &lab->nodes[k]))
				nodes[count++] = &lab->nodes[k];
	}
	*ret_nodes = nodes;
	*ret_count = count;
	return 0;
}

int lc_target_address(struct lc_node *from, const struct lc_value *target,
		      int family, struct lc_ip *ret_ip, struct lc_err *err)
{
	return plan_target_address(from->lab->plan, from->plan, target, family,
				   ret_ip, err);
}

/*
 * Links and bridges are not deleted one by one: that would take the kernel
 * tens of milliseconds each, and it does the same on its own time once nobody
 * holds the namespaces.
 */
void lab_done(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		node_forget(&lab->nodes[i]);
	unplugged_free(lab->unplugged);
	free(lab->nodes);
	if (lab->home >= 0)
		close(lab->home);
	*lab = (struct lc_lab){ .home = -1 };
}

void lc_verdict_refused(struct lc_verdict *v, int code,
			const struct lc_err *err)
{
	switch (code) {
	case -ENOENT:
	case -ENODEV:
	case -EADDRNOTAVAIL:
		lc_verdict_fail(v, "%s", err->text);
		break;
	case -EPERM:
	case -EOPNOTSUPP:
		lc_verdict_skip(v, "%s", err->text);
		break;
	default:
		lc_verdict_error(v, "%s", err->text);
		break;
	}
}
