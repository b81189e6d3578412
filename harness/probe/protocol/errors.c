// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * errors.c - what ICMP says about a probe
 *
 * Most types and codes have one meaning (outcome.c).  But "host unreachable" of the
 * sender's own kernel may be a neighbour that did not answer, a cable that is out,
 * or its own firewall; and who was given up on may be late, or be there by now.
 */
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/ip_icmp.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/policies.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/neighbour/strangers.h"
#include "probe/packet/outcome.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/refusal.h"
#include "probe/silence/absence.h"
#include "probe/silence/cable.h"
#include "probe/silence/patience.h"
#include "probe/silence/promptness.h"
#include "probe/silence/quiet.h"
#include "probe/wire/questions.h"
#include "scenario/address.h"

static bool a_neighbour_is_missing(struct lc_node *node, int family)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0;

	if (lc_node_neighbours(node, &list, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (list[i].ip.family == family && !list[i].has_mac)
			return true;
	return false;
}

/*
 * Whether it is a neighbour that did not answer: else the own firewall says
 * "host unreachable".  A question that was seen leaving shows it, for the entry
 * that failed is gone as soon as the machine's table is short of room.  Where
 * none was seen, and routes by mark or port may lead elsewhere than a look-up
 * says, any neighbour that is missing will do.
 */
static bool neighbour_is_missing(const struct lc_batch *batch,
				 const struct probe *p, uint32_t ifindex,
				 const struct lc_ip *hop)
{
	struct lc_neighbour entry;
	int r = node_neighbour(p->from, ifindex, hop, &entry, NULL);

	if (r ? question_find(batch, p->from, ifindex, hop) != NULL :
		!entry.has_mac)
		return true;
	if ((!r || (p->observed && !p->from->probe->tap_lost)) &&
	    !node_has_policies(p->from, hop->family))
		return false;
	return a_neighbour_is_missing(p->from, hop->family);
}

/* The own kernel says that it can't reach the next hop; @ret_interface: the
 * one without carrier */
static enum lc_outcome outcome_of_hop(const struct lc_batch *batch,
				      const struct probe *p,
				      char ret_interface[static IFNAMSIZ])
{
	const struct lc_ip *to = &p->seen.address, *hop = to;
	struct lc_route route;
	bool missing;

	if (lc_node_lookup(p->from, to,
			   p->said.source ? &p->said.source->ip : NULL, &route,
			   NULL)) {
		missing = a_neighbour_is_missing(p->from, to->family);
	} else {
		if (route.via.family)
			hop = &route.via;
		if (p->scope)
			route.ifindex = p->scope;
		if (absence_is_proved(batch, p->from, route.ifindex, hop))
			return LC_NO_NEIGHBOR;
		missing = neighbour_is_missing(batch, p, route.ifindex, hop);
	}
	return !missing				? LC_BLOCKED :
	       cable_is_out(p, ret_interface)	? LC_NO_CARRIER :
						  LC_NO_NEIGHBOR;
}

/*
 * The lab's own nodes soon give up on a neighbour: where a shaper or a program
 * makes packets wait, too soon, and the answer may be in by now.  Adopted ones
 * have asked for as long as their kernel does, which is long enough.
 */
static bool gave_up_soon(struct lc_batch *batch, struct lc_node *node,
			 const struct lc_ip *offender)
{
	if (!node)
		node = addresses_holder(batch, offender);
	return !node || node->plan->kind != NODE_ADOPTED;
}

/* Whether what makes packets wait is there, and when its answer must be in */
static bool neighbour_may_be_late(struct lc_batch *batch,
				  uint64_t *ret_wake_ns)
{
	struct lc_err err;
	bool prompt = lab_is_prompt(batch);

	if (prompt && !batch->switch_ports)
		return false;
	*ret_wake_ns = clock_ns();
	if (!prompt || silence_prove(batch, &err))
		*ret_wake_ns += patience_ns(batch);
	return true;
}

void probe_error_queued(struct lc_batch *batch, struct probe *p,
			const struct queued_error *e)
{
	char text[IP_TEXT_SIZE], interface[IFNAMSIZ];
	enum lc_outcome outcome;
	bool own;

	if (p->state == PROBE_SETTLED)
		return;
	if (e->origin == SO_EE_ORIGIN_LOCAL) {
		probe_refused_locally(batch, p, "send", e->error);
		return;
	}
	if (e->origin != SO_EE_ORIGIN_ICMP && e->origin != SO_EE_ORIGIN_ICMP6)
		return;
	/* Source quench and redirects are no end of anything */
	if (e->origin == SO_EE_ORIGIN_ICMP &&
	    (e->type == ICMP_SOURCE_QUENCH || e->type == ICMP_REDIRECT))
		return;
	own = addresses_has(batch, p->from, &e->offender) &&
	      !addresses_has(batch, p->from, &p->seen.address);
	outcome = outcome_of_icmp(p->seen.address.family, e->type, e->code,
				  own);
	if (outcome == LC_NO_NEIGHBOR)
		outcome = outcome_of_hop(batch, p, interface);
	if (outcome == LC_NO_CARRIER) {
		probe_settle(batch, p, outcome,
			     "%s:%s has no carrier, and not even the question for the next hop left",
			     lc_node_name(p->from), interface);
		return;
	}
	if ((outcome == LC_NO_NEIGHBOR || outcome == LC_HOST_UNREACHABLE) &&
	    !p->doubted &&
	    gave_up_soon(batch, own ? p->from : NULL, &e->offender) &&
	    neighbour_may_be_late(batch, &p->wake_ns)) {
		p->doubted = true;
		p->state = PROBE_PACED;
		return;
	}
	/* "Host unreachable" of a neighbour that is there is the own firewall's, or
	 * of before it was: then it is answered now, and in doubt (strangers.c) */
	if (own && outcome == LC_BLOCKED && !p->doubted &&
	    strangers_may_have_met(batch, p)) {
		p->doubted = true;
		p->state = PROBE_PACED;
		p->wake_ns = clock_ns();
		return;
	}
	if (!own)
		p->seen.answered_by = e->offender;
	p->seen.mtu = e->mtu;
	p->seen.rtt_ns = clock_ns() - p->sent_ns;
	ip_format(&e->offender, text);
	if (own && outcome == LC_NO_NEIGHBOR)
		probe_settle(batch, p, outcome,
			     "the next hop did not answer %s's %s",
			     lc_node_name(p->from),
			     p->seen.address.family == AF_INET ?
				     "ARP requests" :
				     "neighbour solicitations");
	else
		probe_settle(batch, p, outcome, "ICMP%s type %u code %u from %s",
			     e->origin == SO_EE_ORIGIN_ICMP6 ? "v6" : "",
			     e->type, e->code, text);
}
