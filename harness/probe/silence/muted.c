// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * muted.c - routers that would report an error, and may not
 *
 * A router reports at most five route errors in a row to one sender and then
 * one a second (net/ipv4/route.c: ip_error(); a bucket of the kernel's own,
 * not a sysctl of a namespace).  What is left in it can't be known from
 * outside: senders behind one masquerade share it, an ICMP redirect empties
 * it, and the scenario's own commands draw from it.
 *
 * So the wire is asked.  Routers are watched like senders and targets, and
 * where the last one that a silent probe met has no route for it, silence
 * proves nothing yet: the probe goes again when there must be a token for it,
 * and then once more while no other one is under way.  Nodes that labcheck did
 * not set up limit all their errors in that manner, and so does one that a
 * scenario has given such a limit.
 */
#include <errno.h>
#include <string.h>

#include <labcheck/err.h>

#include "clock.h"
#include "lab/error_limit.h"
#include "lab/forwarding.h"
#include "lab/lab.h"
#include "lab/policies.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/silence/muted.h"
#include "probe/wire/tap.h"

#define MS 1000000ull

enum { TRIES = 3 };

/* A token costs a second */
static const uint64_t pacing_ns = 1100 * MS;

static bool limits_errors(const struct lc_node *node, int family)
{
	return node->plan->kind == NODE_ADOPTED ||
	       (family == AF_INET6 && !node->plan->ipv6);
}

int routers_observe(struct lc_batch *b, struct lc_err *err)
{
	int r = 0;

	if (b->routers_observed)
		return 0;
	b->routers_observed = true;
	for (size_t i = 0; i < b->lab->node_count && !r; i++) {
		struct lc_node *node = &b->lab->nodes[i];
		bool forwards = false;

		if (node->plan->kind == NODE_SHARED || node->netns < 0)
			continue;
		if (!limits_errors(node, AF_INET))
			r = node_forwards(node, &forwards, err);
		if (!r && (forwards || limits_errors(node, AF_INET)))
			r = probe_node_ready(node, err);
		if (!r && node->probe)
			node->probe->router = forwards;
		if (!r && (forwards || limits_errors(node, AF_INET)))
			r = tap_open(b, node, err);
	}
	return r;
}

static bool has_route_error(struct lc_node *node, const struct lc_ip *to)
{
	struct lc_route route;

	switch (lc_node_lookup(node, to, NULL, &route, NULL)) {
	case -ENETUNREACH:
	case -EHOSTUNREACH:
	case -EACCES:
		return true;
	}
	return node_has_policies(node, to->family);
}

/* Asked once a batch, of who was the last to see a probe that nobody answered */
static bool limits_errors_now(const struct lc_batch *b, struct lc_node *node,
			      int family)
{
	struct probe_node *n = node->probe;

	if (limits_errors(node, family))
		return true;
	if (n->limits_batch != b->number || n->limits_family != family)
		n->limits = node_limits_errors(node, family);
	n->limits_batch = b->number;
	n->limits_family = family;
	return n->limits;
}

bool silence_may_be_muted(const struct lc_batch *b, const struct probe *p)
{
	if (p->wire_answer || !p->router || p->muted_tries == TRIES)
		return false;
	if (limits_errors_now(b, p->router, p->router_destination.family))
		return p->muted_tries == 0;
	return p->router_destination.family == AF_INET &&
	       p->router->probe->router &&
	       has_route_error(p->router, &p->router_destination);
}

uint64_t muted_slot(struct lc_batch *b, struct probe *p)
{
	uint64_t *until = p->muted_tries++ ? &b->paced_until_ns :
					     &p->from->probe->paced_until_ns;
	uint64_t now = clock_ns();

	if (*until < now)
		*until = now;
	*until += pacing_ns;
	if (b->paced_until_ns < *until)
		b->paced_until_ns = *until;
	return *until;
}
