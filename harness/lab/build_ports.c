// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * build_ports.c - ports of bridges go up last, all together
 *
 * Theory of operation
 *
 * With each cable whose second end goes up the kernel's link watch runs, under
 * the global lock that building needs as well: with ports last, it finds many to
 * look at and not two.  And what it would find up without a carrier, since the
 * other end is not up yet, it deactivates, and waits for an RCU grace period with
 * the lock held (linkwatch_do_dev(), dev_deactivate_many()).  So the other ends
 * are asked for while they still are down (build_nodes.c), which makes the watch
 * look then.
 *
 * That is for ports that nothing but their bridge needs.  An address, or a route
 * by the port, wants it up; and so does what stands on another interface, the
 * port itself or one that has the bridge for its way out.
 */
#include "build.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "rtnl.h"

bool ports_wait(const struct plan *plan)
{
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t k = 0; k < plan->nodes[n].interface_count; k++)
			if (interface_depth(plan, &plan->nodes[n],
					    &plan->nodes[n].interfaces[k]))
				return false;
	return true;
}

static bool is_routed(const struct plan_node *node,
		      const struct plan_interface *i)
{
	for (size_t k = 0; k < node->route_count; k++)
		if (node->routes[k].ifindex == i->ifindex)
			return true;
	return false;
}

bool port_waits(const struct plan_node *node, const struct plan_interface *i)
{
	const struct plan_interface *master;

	if (i->kind != KIND_VETH || !i->master || i->address_count ||
	    is_routed(node, i))
		return false;
	master = plan_interface_by_index(node, i->master);
	return master && master->kind == KIND_BRIDGE;
}

void interface_add_up(struct rtnl *rtnl, const struct plan_node *node,
		      const struct plan_interface *i)
{
	struct rtnl_msg m;

	rtnl_build_link_state(&m, i->ifindex, true);
	rtnl_add(rtnl, &m, i->at, "link %s:%s up", node->name, i->name);
}

static int node_ports_up(struct lc_node *node, struct lc_at *ret_at,
			 struct lc_err *err)
{
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	for (size_t k = 0; k < node->plan->interface_count; k++) {
		const struct plan_interface *i = &node->plan->interfaces[k];

		if (i->up && interface_is_new(node, i) &&
		    port_waits(node->plan, i))
			interface_add_up(rtnl, node->plan, i);
	}
	return rtnl_commit(rtnl, ret_at, err);
}

int ports_up(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	int r = 0;

	if (!ports_wait(lab->plan))
		return 0;
	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (node_stands(&lab->nodes[i]) && !lab->nodes[i].plan->absent)
			r = node_ports_up(&lab->nodes[i], ret_at, err);
	return r;
}
