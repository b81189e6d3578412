// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * refusal.c - what it means that the sender's own kernel does not send
 *
 * An errno tells most of it (outcome.c).  EINVAL and ENOBUFS each have causes that
 * say something of the network and causes that don't; and what the machine itself
 * is short of comes back, so such a probe is sent again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "lab/address_holder.h"
#include "lab/device_hooks.h"
#include "lab/lab.h"
#include "lab/neighbour_limit.h"
#include "lab/qdiscs.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/packet/outcome.h"
#include "probe/protocol/refusal.h"
#include "probe/silence/cable.h"
#include "probe/silence/guard.h"
#include "scenario/address.h"

/* How often, and how long, to wait for room in the machine's tables: labs that
 * have ended leave theirs to the kernel, which clears them on its own time */
enum { SHORTAGES_MAX = 20 };
static const uint64_t shortage_ns = 100 * 1000000ull;

/* EINVAL is a blackhole only where a look-up finds one */
static enum lc_outcome outcome_of_einval(struct probe *p)
{
	struct lc_route route;
	int r = lc_node_lookup(p->from, &p->seen->address,
			       p->said.source ? &p->said.source->ip : NULL,
			       &route, NULL);

	return r == -EINVAL ? LC_BLOCKED : LC_OUTCOME_ERROR;
}

static bool hooks_egress(struct lc_node *node)
{
	lc_auto(lc_free) struct device_hook *hooks = NULL;
	size_t count = 0;

	if (node_device_hooks(node, &hooks, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (hooks[i].egress)
			return true;
	return false;
}

/* Filters of tc(8) */
static bool filters_egress(struct lc_node *node)
{
	lc_auto(lc_free) struct queue_losses *queues = NULL;
	size_t count = 0;

	if (node_queue_losses(node, &queues, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(queues[i].kind, "clsact"))
			return true;
	return false;
}

/* ENOBUFS is a full queue, a full neighbour table, a rule at egress, or a cable
 * that is being pulled out, of which the queue has not heard yet */
static enum lc_outcome outcome_of_enobufs(struct lc_batch *batch,
					  struct probe *p)
{
	char interface[IFNAMSIZ];
	uint64_t overflows;
	struct queues queues;

	if (node_queues(p->from, &queues, NULL) || queues.shaped ||
	    neighbour_overflows(p->from, &overflows, NULL) ||
	    overflows != batch->overflows)
		return LC_OUTCOME_ERROR;
	if (hooks_egress(p->from) || filters_egress(p->from))
		return LC_BLOCKED;
	return cable_is_out(p, interface) ? LC_NO_CARRIER : LC_OUTCOME_ERROR;
}

/* Which is found out when a source is chosen, behind the route */
static bool has_address6(struct lc_node *node)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (lc_node_addresses(node, &list, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (list[i].ip.family == AF_INET6 &&
		    !ip_is_loopback(&list[i].ip) &&
		    !ip_is_link_local(&list[i].ip))
			return true;
	return false;
}

static enum lc_outcome outcome_of_eaddrnotavail(struct probe *p)
{
	return p->seen->address.family == AF_INET6 && !p->said.source &&
	       !ip_is_link_local(&p->seen->address) &&
	       !has_address6(p->from) ? LC_BLOCKED : LC_OUTCOME_ERROR;
}

void probe_refused_locally(struct lc_batch *batch, struct probe *p,
			   const char *call, int error)
{
	enum lc_outcome outcome =
		error == EINVAL	 ? outcome_of_einval(p) :
		error == ENOBUFS ? outcome_of_enobufs(batch, p) :
		error == EADDRNOTAVAIL ? outcome_of_eaddrnotavail(p) :
				   outcome_of_send(error);
	char guard[32] = "";
	const char *cause = guard;

	/* The machine's own shortage says nothing of the network, and passes */
	if (error == ENOBUFS && outcome == LC_OUTCOME_ERROR &&
	    p->shortages++ < SHORTAGES_MAX) {
		p->state = PROBE_PACED;
		p->wake_ns = clock_ns() + shortage_ns;
		return;
	}
	/* What a look-up for a foreign source says is not about the target */
	if (p->said.source && !node_has_address(p->from, &p->said.source->ip)) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s has no address %s",
			     lc_node_name(p->from), p->said.source->text);
		return;
	}
	if (error == EPERM)
		snprintf(guard, sizeof(guard), " (%s)", guard_words(p));
	else if (error == EACCES)
		cause = " (a prohibit route)";
	else if (error == EHOSTUNREACH)
		cause = " (an unreachable route)";
	else if (error == ENOBUFS && outcome == LC_BLOCKED)
		cause = " (its own firewall, at egress)";
	else if (error == ENOBUFS && outcome == LC_NO_CARRIER)
		cause = " (the interface that it would leave by has no carrier)";
	else if (error == ENOBUFS)
		cause = " (the machine's neighbour table or a queue is full)";
	else if (error == EADDRNOTAVAIL && outcome == LC_BLOCKED)
		cause = " (it has no IPv6 address to send from)";
	else if (outcome == LC_BLOCKED)
		cause = " (a blackhole route)";
	probe_settle(batch, p, outcome, "%s's kernel refuses to %s, %s%s",
		     lc_node_name(p->from), call, strerror(error), cause);
}
