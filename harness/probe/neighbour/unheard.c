// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unheard.c - whether a sender's own "host unreachable" is about its neighbour
 *
 * The kernel says so of a next hop that does not answer, and in the same words
 * when its own firewall rejects.  The hop's entry tells them apart: that of one
 * who was asked in vain has failed since the probe was sent, and what a rule
 * rejects never gets to ask.
 *
 * But an entry that has failed does not stay.  The kernel's collector takes it
 * away: every 15 s, and whenever the machine's table is short of room; and who was
 * not heard may be heard of since.  There is time for that, as labcheck waits for
 * the one lock of all networks, which the end of another lab holds for a second
 * and more.  So an entry that is gone, or has changed since, says nothing: the
 * probe goes again, watched, and the entry is looked at anew.
 */
#include <stdlib.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/policies.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/neighbour/unheard.h"
#include "probe/silence/absence.h"
#include "probe/silence/cable.h"
#include "probe/wire/questions.h"

#define MS 1000000ull

enum {
	TICK_MS = 10,		/* in which the kernel counts an entry's age */
	GIVE_UP_MS = 20,	/* it asks for longer than that */
};

/* Whether it was asked on account of the probe, in vain */
enum hop { HOP_NOT_ASKED, HOP_UNHEARD, HOP_UNCLEAR };

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

static bool is_watched(const struct probe *p)
{
	return p->observed && !p->from->probe->tap_lost;
}

/* What its entry says.  A question that was seen leaving stands for one that is
 * gone; and a rule needs no time, where nobody had been asked before */
static enum hop entry_says(const struct lc_batch *b, const struct probe *p,
			   uint32_t ifindex, const struct lc_ip *hop)
{
	struct lc_neighbour entry;
	int r = node_neighbour(p->from, ifindex, hop, &entry, NULL);
	const uint64_t since_ms = (clock_ns() - p->sent_ns) / MS;
	bool asked = question_find(b, p->from, ifindex, hop) != NULL;

	if (!r && entry.age_ms > since_ms + TICK_MS)
		return HOP_NOT_ASKED;
	if (r ? asked : !entry.has_mac)
		return HOP_UNHEARD;
	return is_watched(p) && !asked && since_ms < GIVE_UP_MS ?
		       HOP_NOT_ASKED :
		       HOP_UNCLEAR;
}

/* Routes by mark or port may lead elsewhere than a look-up says: there any
 * neighbour that is missing will do, and where nothing could be watched */
static enum hop hop_state(const struct lc_batch *b, const struct probe *p,
			  uint32_t ifindex, const struct lc_ip *hop)
{
	enum hop state = entry_says(b, p, ifindex, hop);
	bool any = node_has_policies(p->from, hop->family);

	if (state == HOP_UNCLEAR && p->doubted) {
		state = HOP_NOT_ASKED;
		any |= !is_watched(p);
	}
	if (state != HOP_UNHEARD && any &&
	    a_neighbour_is_missing(p->from, hop->family))
		state = HOP_UNHEARD;
	return state;
}

enum lc_outcome outcome_of_hop(const struct lc_batch *b, const struct probe *p,
			       char ret_interface[static IFNAMSIZ],
			       bool *ret_unclear)
{
	const struct lc_ip *to = &p->seen->address, *hop = to;
	struct lc_route route;
	enum hop state;

	if (lc_node_lookup(p->from, to,
			   p->said.source ? &p->said.source->ip : NULL, &route,
			   NULL)) {
		state = a_neighbour_is_missing(p->from, to->family) ?
				HOP_UNHEARD :
				HOP_NOT_ASKED;
	} else {
		if (route.via.family)
			hop = &route.via;
		if (p->scope)
			route.ifindex = p->scope;
		if (absence_is_proved(b, p->from, route.ifindex, hop))
			return LC_NO_NEIGHBOR;
		state = hop_state(b, p, route.ifindex, hop);
	}
	*ret_unclear = state == HOP_UNCLEAR;
	if (state != HOP_UNHEARD)
		return LC_BLOCKED;
	return cable_is_out(p, ret_interface) ? LC_NO_CARRIER : LC_NO_NEIGHBOR;
}
