// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ready.c - when links pass traffic
 *
 * Theory of operation
 *
 * An interface that is up and has a carrier need not work yet.  Its queue and
 * its bridge port wait for the kernel's link watch, and what is sent before
 * that is lost without a trace: a first ARP request then costs a second.  The
 * operational state (RFC 2863) tells; on recent kernels the very question
 * makes the kernel do that work first, elsewhere it is asked again.  What holds
 * up IPv6 addresses is told in address_ready.c.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "address_ready.h"
#include "lab.h"
#include "link_message.h"
#include "message.h"
#include "openvswitch_turn.h"
#include "ready.h"
#include "rtnl.h"

static const uint64_t limit_ns = 10000000000;	/* for all together */

/*
 * Give the kernel's workers a moment: there is no event for what we wait.  But
 * first just ask again: asking about a port is what lets its bridge come up.
 */
static void breathe(unsigned int tries)
{
	if (tries > 3)
		poll(NULL, 0, 1);
}

/* Whether the plan lets an interface have a carrier */
static bool has_carrier(const struct plan *plan, const struct plan_node *node,
			const struct plan_interface *i);

static bool some_port_has_carrier(const struct plan *plan,
				  const struct plan_node *node,
				  const struct plan_interface *bridge)
{
	for (size_t k = 0; k < node->interface_count; k++)
		if (node->interfaces[k].master == bridge->ifindex &&
		    has_carrier(plan, node, &node->interfaces[k]))
			return true;
	return false;
}

static bool has_carrier(const struct plan *plan, const struct plan_node *node,
			const struct plan_interface *i)
{
	const struct plan_interface *lower;

	if (!i->up)
		return false;
	switch (i->kind) {
	case KIND_VETH:
		return plan->nodes[i->peer_node]
			.interfaces[i->peer_interface].up;
	case KIND_BRIDGE:
		return some_port_has_carrier(plan, node, i);
	case KIND_MACVLAN:
	case KIND_VLAN:
		lower = plan_interface_below(plan, node, i, &node);
		return lower && has_carrier(plan, node, lower);
	case KIND_VXLAN:
	case KIND_DUMMY:
	case KIND_WIREGUARD:
	case KIND_OPENVSWITCH:
	case KIND_LOOPBACK:
		return true;
	case KIND_BOND:		/* depends on its mode and monitoring */
	case KIND_VRF:
	case KIND_TAP:
	case KIND_TUN:
		return false;
	}
	return false;
}

/* The interfaces of one node that are waited for */
struct waiting {
	uint32_t *ifindexes;
	size_t count;
};

static int note_link(const struct nlmsghdr *answer, void *arg)
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(answer);
	struct waiting *w = arg;
	const struct nlattr *attr;
	uint8_t state = IF_OPER_UNKNOWN;

	if (answer->nlmsg_type != RTM_NEWLINK)
		return 0;
	mnl_attr_for_each(attr, answer, sizeof(*header))
		if (mnl_attr_get_type(attr) == IFLA_OPERSTATE)
			state = mnl_attr_get_u8(attr);
	if (!(header->ifi_flags & IFF_LOWER_UP) ||
	    (state != IF_OPER_UP && state != IF_OPER_UNKNOWN))
		return 0;
	for (size_t i = 0; i < w->count; i++)
		if (w->ifindexes[i] == (uint32_t)header->ifi_index)
			w->ifindexes[i] = w->ifindexes[--w->count];
	return 0;
}

static int ask_links(struct lc_node *node, struct waiting *w,
		     struct lc_err *err)
{
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r;

	r = node_rtnl(node, &rtnl, err);
	if (r)
		return r;
	for (size_t i = 0; i < w->count; i++) {
		rtnl_build_link_get(&m, w->ifindexes[i], NULL);
		rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "interface %u of %s",
			 w->ifindexes[i], node->plan->name);
	}
	return rtnl_ask(rtnl, note_link, w, err);
}

static int not_ready(const struct lc_node *node, const struct waiting *w,
		     struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	const char *name = "?";

	for (size_t i = 0; i < plan->interface_count; i++) {
		if (plan->interfaces[i].ifindex != w->ifindexes[0])
			continue;
		name = plan->interfaces[i].name;
		if (ret_at)
			*ret_at = plan->interfaces[i].at;
	}
	return lc_err_set(err, -ETIMEDOUT,
			  "link %s:%s: no carrier, or not working yet, after "
			  "%d s", plan->name, name,
			  (int)(limit_ns / 1000000000));
}

static int links_ready(struct lc_node *node, uint64_t deadline,
		       struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	lc_auto(lc_free) uint32_t *ifindexes = NULL;
	struct waiting w = { 0 };
	int r;

	if (!plan->interface_count)
		return 0;
	ifindexes = calloc(plan->interface_count, sizeof(*ifindexes));
	if (!ifindexes)
		return lc_err_set(err, -ENOMEM, "out of memory");
	w.ifindexes = ifindexes;
	for (size_t i = 0; i < plan->interface_count; i++)
		if (has_carrier(node->lab->plan, plan, &plan->interfaces[i]))
			ifindexes[w.count++] = plan->interfaces[i].ifindex;
	for (unsigned int tries = 1; w.count; tries++) {
		r = ask_links(node, &w, err);
		if (r)
			return r;
		if (w.count && clock_ns() > deadline)
			return not_ready(node, &w, ret_at, err);
		if (w.count)
			breathe(tries);
	}
	return 0;
}

int lab_ready(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	uint64_t deadline = clock_ns() + limit_ns;
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (node_stands(&lab->nodes[i]))
			r = links_ready(&lab->nodes[i], deadline, ret_at, err);
	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (node_stands(&lab->nodes[i]) && lab->nodes[i].plan->ipv6)
			r = addresses_ready(&lab->nodes[i], deadline, err);
	return r;
}

/* Whether what the link watch says is what the carrier says.  `unknown` is
 * said of interfaces that nobody watches, and of those that are so new that the
 * watch has not looked at them; a cable is watched. */
static bool is_settled(const struct lc_link *link)
{
	bool up = link->operstate == IF_OPER_UP;

	if (link->operstate == IF_OPER_UNKNOWN && strcmp(link->kind, "veth"))
		return true;
	return !(link->flags & IFF_UP) || up == !!(link->flags & IFF_LOWER_UP);
}

/* A list does not make the kernel follow a change up, a single question does:
 * so those that may be unsettled are asked for once more, each by itself */
static bool may_be_unsettled(const struct lc_link *link)
{
	return !is_settled(link) || (link->operstate == IF_OPER_UNKNOWN &&
				     !(link->flags & IFF_LOOPBACK));
}

static int first_unsettled(struct lc_node *node, struct lc_link *ret_link,
			   bool *ret_found, struct lc_err *err)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count;
	int r;

	*ret_found = false;
	r = lc_node_links(node, &links, &count, err);
	for (size_t i = 0; i < count && !r; i++) {
		if (!may_be_unsettled(&links[i]))
			continue;
		r = lc_node_link(node, links[i].name, ret_link, err);
		if (r == -ENODEV)	/* gone meanwhile */
			r = 0;
		else if (!r && !is_settled(ret_link))
			*ret_found = true;
	}
	return r;
}

int node_settle(struct lc_node *node, struct lc_err *err)
{
	uint64_t deadline = clock_ns() + limit_ns;
	struct lc_link link;
	bool found;

	for (unsigned int tries = 1;; tries++) {
		int r = first_unsettled(node, &link, &found, err);

		if (!r && !found && node->plan->ipv6)
			addresses_settle(node);
		if (!r && !found)
			r = openvswitch_settle(node, err);
		if (r || !found)
			return r;
		if (clock_ns() > deadline)
			return lc_err_set(err, -ETIMEDOUT,
					  "link %s:%s does not settle",
					  node->plan->name, link.name);
		breathe(tries);
	}
}

/* A command may leave behind what never settles: that is for checks to find */
void lab_settle(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (lab->nodes[i].plan->kind != NODE_SHARED &&
		    lab->nodes[i].netns >= 0)
			node_settle(&lab->nodes[i], NULL);
}
