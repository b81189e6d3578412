// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prepare.c - a probe before it is sent: its nodes, its address, its sockets
 */
#include <errno.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/netns.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/doubles.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/prepare.h"
#include "probe/protocol/dns.h"
#include "probe/protocol/echo.h"
#include "probe/scope.h"
#include "probe/silence/observation.h"
#include "probe/target.h"
#include "scenario/address.h"

/* A node may share its namespace with another: then they are one to us */
static int find_node(struct lc_batch *b, const char *name,
		     struct lc_node **ret_node, struct lc_err *err)
{
	struct lc_node *node = lc_lab_node(b->lab, name, err);

	if (!node)
		return -ENOENT;
	*ret_node = netns_owner(node);
	return probe_node_ready(*ret_node, err);
}

static int probe_resolve(struct lc_batch *b, struct probe *p,
			 struct lc_err *err)
{
	const struct lc_value *to = p->said.to;
	const char *target = p->said.target_on;
	int r = find_node(b, p->said.from, &p->from, err);

	if (to->kind == LC_TARGET_NODE || to->kind == LC_TARGET_INTERFACE)
		target = to->node;
	if (!r && target)
		r = find_node(b, target, &p->target, err);
	if (r)
		return r;
	r = probe_address(p, err);
	if (r)
		return r;
	/* Who has the address that the name stands for must be the one to answer */
	if (to->kind == LC_TARGET_NAME && !p->target)
		p->target = ip_is_loopback(&p->seen->address) ?
				    p->from :
				    addresses_holder(b, &p->seen->address);
	p->seen->target_known = p->target || p->said.serve;
	/* A server is where the probe is to end up, whatever NAT makes of it */
	if (p->said.serve && p->said.server_on) {
		r = find_node(b, p->said.server_on, &p->target, err);
		if (r)
			return r;
	}
	/* A name server may be reached by any way: what counts is its answer */
	if (p->said.protocol == LC_DNS) {
		p->target = NULL;
		p->seen->target_known = false;
		return probe_find_scope(b, p, err);
	}
	/* Whoever holds an address may answer for it; to see whether the probe
	 * arrives, that one is watched */
	if (!p->target && (p->said.negative || p->said.ends))
		p->target = ip_is_loopback(&p->seen->address) ?
				    p->from :
				    addresses_holder(b, &p->seen->address);
	if (p->target) {
		r = probe_node_ready(p->target, err);
		if (r)
			return r;
	}
	p->seen->watched = p->target != NULL;
	return probe_find_scope(b, p, err);
}

/* Who answers a handshake shows only on the target's wire, unless labcheck serves
 * there itself; so does who answers a ping, if others have the target's address */
static bool may_be_forged(struct lc_batch *b, const struct probe *p)
{
	if (!p->target)
		return false;
	return p->said.protocol == LC_ICMP ?
		       address_is_doubled(b, &p->seen->address) :
		       !p->said.serve;
}

int probe_prepare(struct lc_batch *b, struct probe *p,
			 struct lc_err *err)
{
	int r = probe_resolve(b, p, err);

	if (!r && p->said.protocol == LC_ICMP)
		r = echo_prepare(b, p, err);
	if (!r && p->said.protocol == LC_DNS)
		r = dns_prepare(p, err);
	if (!r && (p->said.negative || p->said.ends || may_be_forged(b, p)))
		r = probe_observe(b, p, err);
	return r;
}
