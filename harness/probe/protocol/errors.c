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

#include <labcheck/err.h>

#include "clock.h"
#include "lab/lab.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/neighbour/unheard.h"
#include "probe/packet/outcome.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/refusal.h"
#include "probe/silence/observation.h"
#include "probe/silence/patience.h"
#include "probe/silence/promptness.h"
#include "probe/silence/quiet.h"
#include "scenario/address.h"

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

/* Watched, and its answer is not that of the first */
static void probe_ask_again(struct lc_batch *batch, struct probe *p)
{
	struct lc_err err;

	p->doubted = p->resent = true;
	p->state = PROBE_PACED;
	p->wake_ns = clock_ns();
	if (!p->observed && probe_observe(batch, p, &err))
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
}

void probe_error_queued(struct lc_batch *batch, struct probe *p,
			const struct queued_error *e)
{
	char text[IP_TEXT_SIZE], interface[IFNAMSIZ];
	enum lc_outcome outcome;
	bool own, unclear = false;

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
	      !addresses_has(batch, p->from, &p->seen->address);
	outcome = outcome_of_icmp(p->seen->address.family, e->type, e->code,
				  own);
	if (outcome == LC_NO_NEIGHBOR)
		outcome = outcome_of_hop(batch, p, interface, &unclear);
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
	if (unclear) {
		probe_ask_again(batch, p);
		return;
	}
	if (!own)
		p->seen->answered_by = e->offender;
	p->seen->mtu = e->mtu;
	p->seen->rtt_ns = clock_ns() - p->sent_ns;
	ip_format(&e->offender, text);
	if (own && outcome == LC_NO_NEIGHBOR)
		probe_settle(batch, p, outcome,
			     "the next hop did not answer %s's %s",
			     lc_node_name(p->from),
			     p->seen->address.family == AF_INET ?
				     "ARP requests" :
				     "neighbour solicitations");
	else
		probe_settle(batch, p, outcome, "ICMP%s type %u code %u from %s",
			     e->origin == SO_EE_ORIGIN_ICMP6 ? "v6" : "",
			     e->type, e->code, text);
}
