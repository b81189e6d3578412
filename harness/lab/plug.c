// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plug.c - cables that are pulled out, and put back
 *
 * Theory of operation
 *
 * A veth can't be told to lose its carrier: it loses it when its peer goes
 * down.  So the other end of the cable goes down, and the end that the
 * scenario names keeps all it has, as it would with a real cable.  What the
 * other end loses by that is noted before, and restored when the cable is back
 * and that end is up again.
 *
 * Macvlan and tap interfaces have a switch for their carrier; it is used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "change.h"
#include "lab.h"
#include "link_message.h"
#include "link_way.h"
#include "message.h"
#include "netns.h"
#include "plug.h"
#include "ready.h"
#include "rtnl.h"
#include "saved.h"

/**
 * struct unplugged - A cable that is out
 * @node, @ifindex: The end that was named
 * @far, @far_ifindex: The other one; NULL: the named end has a switch
 * @was_up:	The other end was up before
 */
struct unplugged {
	struct unplugged *next;
	struct lc_node *node;
	uint32_t ifindex;
	struct lc_node *far;
	uint32_t far_ifindex;
	bool was_up;
	struct saved *saved;
};

static void entry_free(struct unplugged *u)
{
	saved_free(u->saved);
	free(u);
}

void unplugged_free(struct unplugged *u)
{
	while (u) {
		struct unplugged *next = u->next;

		entry_free(u);
		u = next;
	}
}

static struct unplugged **find(struct lc_lab *lab, struct lc_node *node,
			       uint32_t ifindex)
{
	struct unplugged **at = &lab->unplugged;

	while (*at && (netns_owner((*at)->node) != netns_owner(node) ||
		       (*at)->ifindex != ifindex))
		at = &(*at)->next;
	return at;
}

/* What labcheck has not made it does not take down */
static int find_peer(struct lc_node *node, const struct lc_link *link,
		     struct lc_node **ret_node, struct lc_link *ret_peer,
		     struct lc_err *err)
{
	int r = link_other_end(node, link, ret_node, ret_peer, err);

	if (r || node_stands(*ret_node))
		return r;
	return lc_err_set(err, -ENODEV,
			  "the other end of %s:%s is on %s, which is not labcheck's own",
			  lc_node_name(node), link->name,
			  lc_node_name(*ret_node));
}

static int set_state(struct lc_node *node, uint32_t ifindex, bool up,
		     struct lc_err *err)
{
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	rtnl_build_link_state(&m, ifindex, up);
	rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "the other end, on %s",
		 lc_node_name(node));
	return rtnl_commit(rtnl, NULL, err);
}

static int set_carrier(struct lc_node *node, const struct lc_link *link,
		       bool on, struct lc_err *err)
{
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	rtnl_build_link_carrier(&m, link->ifindex, on);
	rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "carrier of %s:%s",
		 lc_node_name(node), link->name);
	r = rtnl_commit(rtnl, NULL, err);
	if (r == -EOPNOTSUPP)
		return lc_err_set(err, -EINVAL,
				  "%s:%s has no cable that could be pulled out",
				  lc_node_name(node), link->name);
	return r;
}

static int pull_out(struct unplugged *u, const struct lc_link *link,
		    struct lc_err *err)
{
	struct lc_link peer;
	int r;

	if (strcmp(link->kind, "veth") != 0)
		return set_carrier(u->node, link, false, err);
	r = find_peer(u->node, link, &u->far, &peer, err);
	if (r)
		return r;
	u->far_ifindex = peer.ifindex;
	u->was_up = peer.flags & IFF_UP;
	if (!u->was_up)
		return 0;
	r = saved_read(u->far, peer.ifindex, &u->saved, err);
	return r ? r : set_state(u->far, peer.ifindex, false, err);
}

static int put_back(struct unplugged *u, const struct lc_link *link,
		    struct lc_err *err)
{
	int r;

	if (!u->far)
		return set_carrier(u->node, link, true, err);
	if (!u->was_up)
		return 0;
	r = set_state(u->far, u->far_ifindex, true, err);
	return r ? r : saved_restore(u->saved, u->far, err);
}

static int settle(const struct unplugged *u, struct lc_err *err)
{
	int r = node_settle(u->node, err);

	return r || !u->far ? r : node_settle(u->far, err);
}

static int unplug(struct lc_node *node, const struct lc_link *link,
		  struct lc_err *err)
{
	struct unplugged *u = calloc(1, sizeof(*u));
	int r;

	if (!u)
		return lc_err_set(err, -ENOMEM, "out of memory");
	u->node = node;
	u->ifindex = link->ifindex;
	r = pull_out(u, link, err);
	if (r) {
		entry_free(u);
		return r;
	}
	u->next = node->lab->unplugged;
	node->lab->unplugged = u;
	return settle(u, err);
}

int lc_node_plug(struct lc_node *node, const char *interface, bool plugged,
		 struct lc_err *err)
{
	struct unplugged **at, *u;
	struct lc_link link;
	int r;

	r = node_may_change(node, err);
	if (!r)
		r = lc_node_link(node, interface, &link, err);
	if (r)
		return r;
	at = find(node->lab, node, link.ifindex);
	u = *at;
	if (!plugged && u)
		return lc_err_set(err, -EALREADY, "%s:%s is unplugged already",
				  lc_node_name(node), interface);
	if (!plugged)
		return unplug(node, &link, err);
	if (!u)
		return lc_err_set(err, -EALREADY, "%s:%s is not unplugged",
				  lc_node_name(node), interface);
	r = put_back(u, &link, err);
	if (!r)
		r = settle(u, err);
	if (!r) {
		*at = u->next;
		entry_free(u);
	}
	return r;
}
