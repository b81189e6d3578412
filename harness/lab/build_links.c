// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * build_links.c - all interfaces of a lab, made where they will stay
 *
 * What others stand on comes first: bridges, bonds and VRFs, which take
 * ports; then what stands on nothing; then macvlan, vlan and vxlan, the lower
 * one first.  One request makes both ends of a veth, and puts one of them into
 * its bridge: it is sent to the namespace of the end that has a bridge.  A
 * macvlan on another node's interface, and a vxlan whose datagrams travel on
 * another node, are asked for there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "build.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "rtnl.h"
#include "tun.h"

/* What to say, and what to switch on, where a kind is missing */
static const char *const kernel_options[] = {
	[KIND_VETH]	 = "CONFIG_VETH",
	[KIND_BRIDGE]	 = "CONFIG_BRIDGE",
	[KIND_VXLAN]	 = "CONFIG_VXLAN",
	[KIND_MACVLAN]	 = "CONFIG_MACVLAN",
	[KIND_VLAN]	 = "CONFIG_VLAN_8021Q",
	[KIND_DUMMY]	 = "CONFIG_DUMMY",
	[KIND_TAP]	 = "CONFIG_TUN",
	[KIND_TUN]	 = "CONFIG_TUN",
	[KIND_BOND]	 = "CONFIG_BONDING",
	[KIND_VRF]	 = "CONFIG_NET_VRF",
	[KIND_WIREGUARD] = "CONFIG_WIREGUARD",
	[KIND_OPENVSWITCH] = "CONFIG_TUN",
	[KIND_LOOPBACK]	 = "",
};

/* More interfaces than the kernel stacks (8) are none that a plan has */
enum { MAX_DEPTH = 16 };

/* Which rank of the order above a kind has */
enum rank { RANK_MASTER, RANK_PLAIN, RANK_UPPER, RANK_COUNT };

static enum rank rank_of(enum interface_kind kind)
{
	switch (kind) {
	case KIND_BRIDGE:
	case KIND_BOND:
	case KIND_VRF:
		return RANK_MASTER;
	case KIND_VETH:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_WIREGUARD:
	case KIND_OPENVSWITCH:
		return RANK_PLAIN;
	case KIND_VXLAN:
	case KIND_MACVLAN:
	case KIND_VLAN:
		return RANK_UPPER;
	case KIND_LOOPBACK:
		break;
	}
	return RANK_COUNT;
}

/* Commit what makes interfaces of one kind: a kernel may not know that kind */
static int commit_kind(struct rtnl *rtnl, enum interface_kind kind,
		       struct lc_at *ret_at, struct lc_err *err)
{
	int r = rtnl_commit(rtnl, ret_at, err);

	if (r != -EOPNOTSUPP ||
	    (*err->text && !strstr(err->text, "Unknown device type")))
		return r;
	return lc_err_set(err, r, "this kernel has no `%s` interfaces (%s)",
			  interface_kind_words[kind], kernel_options[kind]);
}

static int tun_build(struct lc_node *node, struct rtnl *rtnl,
		     const struct plan_interface *i, struct lc_at *ret_at,
		     struct lc_err *err)
{
	struct rtnl_msg m;
	int r = tun_create(node, i, err);

	if (r) {
		*ret_at = i->at;
		return r;
	}
	if (i->has_mac) {
		rtnl_build_link_mac(&m, i->ifindex, i->mac);
		rtnl_add(rtnl, &m, i->at, "mac of %s:%s", node->plan->name,
			 i->name);
	}
	if (i->mtu) {
		rtnl_build_link_mtu(&m, i->ifindex, i->mtu);
		rtnl_add(rtnl, &m, i->at, "mtu of %s:%s", node->plan->name,
			 i->name);
	}
	if (i->master) {
		rtnl_build_link_master(&m, i->ifindex, i->master);
		rtnl_add(rtnl, &m, i->at, "port %s:%s", node->plan->name,
			 i->name);
	}
	return rtnl_commit(rtnl, ret_at, err);
}

/* The node below an interface, where it is asked for; mostly its own */
static struct lc_node *node_below(struct lc_node *node,
				  const struct plan_interface *i)
{
	if (i->lower_node != NO_NODE)
		return &node->lab->nodes[i->lower_node];
	if (i->underlay != NO_NODE)
		return &node->lab->nodes[i->underlay];
	return node;
}

static int link_build(struct lc_node *node, const struct plan_interface *i,
		      struct lc_at *ret_at, struct lc_err *err)
{
	struct lc_node *below = node_below(node, i);
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r;

	if (!interface_is_new(node, i))
		return 0;
	r = node_rtnl(below, &rtnl, err);
	if (r)
		return r;
	if (i->kind == KIND_TAP || i->kind == KIND_TUN ||
	    i->kind == KIND_OPENVSWITCH)
		return tun_build(node, rtnl, i, ret_at, err);
	rtnl_build_link(&m, i, below == node ? -1 : node->netns);
	rtnl_add(rtnl, &m, i->at, "%s %s:%s", interface_kind_words[i->kind],
		 node->plan->name, i->name);
	return commit_kind(rtnl, i->kind, ret_at, err);
}

/* One of the two makes the pair: the one with a bridge, else the first */
static bool makes_pair(const struct plan_interface *end,
		       const struct plan_interface *peer)
{
	if (!end->master != !peer->master)
		return end->master != 0;
	return end->first_end;
}

static void veth_add(struct lc_node *node, struct rtnl *rtnl,
		     const struct plan_interface *i)
{
	struct lc_node *other = &node->lab->nodes[i->peer_node];
	const struct plan_interface *peer =
		&other->plan->interfaces[i->peer_interface];
	struct rtnl_end a = { .interface = i, .netns = -1,
			      .master = i->master };
	struct rtnl_end b = { .interface = peer, .netns = other->netns };
	struct rtnl_msg m;

	rtnl_build_veth(&m, &a, &b);
	rtnl_add(rtnl, &m, i->at, "link %s:%s - %s:%s", node->plan->name,
		 i->name, other->plan->name, peer->name);
}

/* All pairs that a node makes, in one batch */
static int veths_build(struct lc_node *node, struct lc_at *ret_at,
		       struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	for (size_t k = 0; k < plan->interface_count; k++) {
		const struct plan_interface *i = &plan->interfaces[k];
		const struct plan_node *other;

		if (i->kind != KIND_VETH || !interface_is_new(node, i))
			continue;
		other = &node->lab->plan->nodes[i->peer_node];
		if (makes_pair(i, &other->interfaces[i->peer_interface]))
			veth_add(node, rtnl, i);
	}
	return commit_kind(rtnl, KIND_VETH, ret_at, err);
}

size_t interface_depth(const struct plan *plan, const struct plan_node *node,
		       const struct plan_interface *i)
{
	size_t depth = 0;

	while (depth < MAX_DEPTH) {
		i = plan_interface_below(plan, node, i, &node);
		if (!i)
			break;
		depth++;
	}
	return depth;
}

static size_t upper_count(const struct lc_lab *lab)
{
	size_t count = 0;

	for (size_t n = 0; n < lab->node_count; n++) {
		const struct plan_node *node = lab->nodes[n].plan;

		for (size_t k = 0; k < node->interface_count; k++)
			count += rank_of(node->interfaces[k].kind) ==
				 RANK_UPPER;
	}
	return count;
}

/* Upper interfaces of a node that have so many others below them */
static int uppers_build(struct lc_node *node, size_t depth, size_t *left,
			struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	int r = 0;

	for (size_t k = 0; k < plan->interface_count && !r; k++) {
		const struct plan_interface *i = &plan->interfaces[k];

		if (rank_of(i->kind) != RANK_UPPER ||
		    interface_depth(node->lab->plan, plan, i) != depth)
			continue;
		r = link_build(node, i, ret_at, err);
		--*left;
	}
	return r;
}

static int rank_build(struct lc_node *node, enum rank rank,
		      struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	int r = 0;

	for (size_t k = 0; k < plan->interface_count && !r; k++) {
		const struct plan_interface *i = &plan->interfaces[k];

		if (rank_of(i->kind) == rank && i->kind != KIND_VETH)
			r = link_build(node, i, ret_at, err);
	}
	if (!r && rank == RANK_PLAIN)
		r = veths_build(node, ret_at, err);
	return r;
}

int masters_build(struct lc_node *node, struct lc_at *ret_at,
		  struct lc_err *err)
{
	return rank_build(node, RANK_MASTER, ret_at, err);
}

int links_build(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	size_t uppers = upper_count(lab);
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (lab->nodes[i].plan->interface_count)
			r = rank_build(&lab->nodes[i], RANK_PLAIN, ret_at, err);
	/* There are few of them, if any, on the interfaces of all nodes */
	for (size_t depth = 0; uppers && !r; depth++)
		for (size_t i = 0; i < lab->node_count && !r; i++)
			r = uppers_build(&lab->nodes[i], depth, &uppers,
					 ret_at, err);
	return r;
}
