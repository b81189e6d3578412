// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_way.c - where an interface leads: to its other end, or to the one below
 *
 * The kernel tells the index of that interface, and a number for the namespace
 * that it is in.  Which node that is, each node's namespace is asked.  The plan
 * knows where to look first, but a step may have moved it.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab.h"
#include "link_way.h"
#include "netns.h"
#include "nsid.h"

static int find_link(struct lc_node *node, uint32_t ifindex,
		     struct lc_link *ret_link, bool *ret_found,
		     struct lc_err *err)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;
	int r = lc_node_links(node, &links, &count, err);

	for (size_t i = 0; i < count && !r && !*ret_found; i++) {
		if (links[i].ifindex != ifindex)
			continue;
		*ret_link = links[i];
		*ret_found = true;
	}
	return r;
}

/* Whether one of a node's interfaces is a link's other end */
static int peer_on(struct lc_node *node, const struct lc_link *link,
		   struct lc_node *other, struct lc_link *ret_peer,
		   bool *ret_found, struct lc_err *err)
{
	struct lc_link peer;
	bool there = false;
	int r;

	r = find_link(other, link->peer, &peer, &there, err);
	if (!r && there)
		r = lc_node_peer(node, link, other, &peer, ret_found, err);
	if (!r && *ret_found)
		*ret_peer = peer;
	return r;
}

int link_other_end(struct lc_node *node, const struct lc_link *link,
		   struct lc_node **ret_node, struct lc_link *ret_end,
		   struct lc_err *err)
{
	struct lc_lab *lab = node->lab;
	const struct plan_interface *i =
		plan_interface_find(node->plan, link->name);
	bool found = false;
	int r = 0;

	if (i && i->kind == KIND_VETH && i->peer_node != NO_NODE &&
	    lab->nodes[i->peer_node].netns >= 0) {
		*ret_node = &lab->nodes[i->peer_node];
		r = peer_on(node, link, *ret_node, ret_end, &found, err);
	}
	for (size_t k = 0; k < lab->node_count && !r && !found; k++) {
		if (lab->nodes[k].netns < 0 ||
		    lab->nodes[k].plan->kind == NODE_SHARED)
			continue;
		*ret_node = &lab->nodes[k];
		r = peer_on(node, link, *ret_node, ret_end, &found, err);
	}
	if (r || found)
		return r;
	return lc_err_set(err, -ENODEV,
			  "the other end of %s:%s is on no node of the lab",
			  lc_node_name(node), link->name);
}

int link_below(struct lc_node *node, const struct lc_link *link,
	       struct lc_node **ret_node, struct lc_link *ret_below,
	       struct lc_err *err)
{
	struct lc_lab *lab = node->lab;
	struct lc_node *there = link->lower_nsid < 0 ? netns_owner(node) : NULL;
	bool found = false;
	int r = 0;

	for (size_t k = 0; k < lab->node_count && !r && !there; k++) {
		int32_t id = -1;

		if (lab->nodes[k].netns < 0 ||
		    lab->nodes[k].plan->kind == NODE_SHARED)
			continue;
		r = node_nsid(node, &lab->nodes[k], &id, err);
		if (!r && id == link->lower_nsid)
			there = &lab->nodes[k];
	}
	if (!r && there)
		r = find_link(there, link->lower, ret_below, &found, err);
	*ret_node = there;
	if (r || found)
		return r;
	return lc_err_set(err, -ENODEV,
			  "the interface below %s:%s is on no node of the lab",
			  lc_node_name(node), link->name);
}
