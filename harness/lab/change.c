// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * change.c - a step changes an interface
 *
 * The kernel follows a change up behind our back: carriers at the far end,
 * bridge ports, queues.  A change is done when that is over, so that the next
 * step finds what it made.
 */
#include <errno.h>

#include <labcheck/err.h>

#include "change.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "netns.h"
#include "ready.h"
#include "rtnl.h"

int node_may_change(struct lc_node *node, struct lc_err *err)
{
	node->lab->altered = true;
	if (netns_owner(node)->plan->kind != NODE_ADOPTED)
		return 0;
	return lc_err_set(err, -EPERM,
			  "%s is adopted: labcheck looks at it, and never "
			  "changes it", node->plan->name);
}

/* The node at the far end of a cable of the plan, or NULL */
static struct lc_node *far_node(struct lc_node *node, const char *interface)
{
	const struct plan_interface *i =
		plan_interface_find(node->plan, interface);

	if (!i || i->kind != KIND_VETH)
		return NULL;
	return &node->lab->nodes[i->peer_node];
}

static int settle_both(struct lc_node *node, const char *interface,
		       struct lc_err *err)
{
	struct lc_node *far = far_node(node, interface);
	int r = node_settle(node, err);

	if (!r && far && far->netns >= 0)
		r = node_settle(far, err);
	return r;
}

static int find_master(struct lc_node *node, const char *name,
		       uint32_t *ret_ifindex, struct lc_err *err)
{
	struct lc_link master;
	int r;

	*ret_ifindex = 0;
	if (!*name)
		return 0;
	r = lc_node_link(node, name, &master, err);
	if (!r)
		*ret_ifindex = master.ifindex;
	return r;
}

int lc_node_set_link(struct lc_node *node, const char *interface,
		     const struct lc_link_change *change, struct lc_err *err)
{
	static const struct lc_at nowhere;
	const char *name = lc_node_name(node);
	uint32_t master = 0;
	struct lc_link link;
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r;

	r = node_may_change(node, err);
	if (!r)
		r = node_rtnl(node, &rtnl, err);
	if (!r)
		r = lc_node_link(node, interface, &link, err);
	if (!r && change->master)
		r = find_master(node, change->master, &master, err);
	if (r)
		return r;
	if (change->mtu) {
		rtnl_build_link_mtu(&m, link.ifindex, change->mtu);
		rtnl_add(rtnl, &m, nowhere, "mtu of %s:%s", name, interface);
	}
	if (change->master) {
		rtnl_build_link_master(&m, link.ifindex, master);
		rtnl_add(rtnl, &m, nowhere, "master of %s:%s", name,
			 interface);
	}
	if (change->state >= 0) {
		rtnl_build_link_state(&m, link.ifindex, change->state > 0);
		rtnl_add(rtnl, &m, nowhere, "link %s:%s %s", name, interface,
			 change->state > 0 ? "up" : "down");
	}
	r = rtnl_commit(rtnl, NULL, err);
	return r ? r : settle_both(node, interface, err);
}

int lc_node_delete_link(struct lc_node *node, const char *interface,
			struct lc_err *err)
{
	struct lc_link link;
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r;

	r = node_may_change(node, err);
	if (!r)
		r = node_rtnl(node, &rtnl, err);
	if (!r)
		r = lc_node_link(node, interface, &link, err);
	if (r)
		return r;
	rtnl_build_link_delete(&m, link.ifindex);
	rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "link %s:%s",
		 lc_node_name(node), interface);
	r = rtnl_commit(rtnl, NULL, err);
	return r ? r : settle_both(node, interface, err);
}
