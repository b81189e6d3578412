// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ipsec.c - which policy of IPsec threw a packet away
 *
 * The kernel counts by reasons (/proc/net/xfrm_stat), of all packets together; the
 * policies tell which of these reasons is the packet's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/address_holder.h"
#include "lab/counters.h"
#include "lab/ipsec.h"
#include "lab/lab.h"
#include "postmortem/ipsec.h"
#include "postmortem/tally.h"
#include "scenario/address.h"

enum reason {
	IN_BLOCK, IN_MISMATCH, IN_NONE, OUT_BLOCK, OUT_NO_STATES, REASONS,
};

static const char *const reasons[REASONS] = {
	[IN_BLOCK] = "XfrmInPolBlock",
	[IN_MISMATCH] = "XfrmInTmplMismatch",
	[IN_NONE] = "XfrmInNoPols",
	[OUT_BLOCK] = "XfrmOutPolBlock",
	[OUT_NO_STATES] = "XfrmOutNoStates",
};

static void note_line(const char *line, uint64_t counts[REASONS])
{
	char name[48];
	unsigned long long count;

	if (sscanf(line, "%47s %llu", name, &count) != 2)
		return;
	for (size_t i = 0; i < REASONS; i++)
		if (!strcmp(name, reasons[i]))
			counts[i] = count;
}

int ipsec_read(struct lc_node *node, void **ret_counts, size_t *ret_count)
{
	char text[COUNTERS_SIZE], *rest = text, *line;
	int r = counters_read(node, "xfrm_stat", text);
	uint64_t *counts;

	if (r)
		return r;
	counts = calloc(REASONS, sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	while ((line = strsep(&rest, "\n")))
		note_line(line, counts);
	*ret_counts = counts;
	*ret_count = REASONS;
	return 0;
}

/* What the kernel counts when that policy decides */
static enum reason reason_of(enum ipsec_way way, const struct ipsec_policy *p)
{
	if (way == IPSEC_OUT)
		return p->blocks ? OUT_BLOCK : OUT_NO_STATES;
	if (!p->blocks)
		return IN_MISMATCH;
	return *p->text ? IN_BLOCK : IN_NONE;
}

static void tell(const struct lc_node *node, enum ipsec_way way,
		 const struct ipsec_policy *p, char *text, size_t size)
{
	static const char *const ways[] = { "in", "out", "fwd" };
	const char *name = lc_node_name(node);
	const char *reason = reasons[reason_of(way, p)];

	if (!*p->text)
		snprintf(text, size,
			 "what no IPsec policy is about %s forbids (ip xfrm policy getdefault: %s block; %s)",
			 name, ways[way], reason);
	else if (p->blocks)
		snprintf(text, size, "IPsec policy `%s` on %s forbids it (%s)",
			 p->text, name, reason);
	else if (way == IPSEC_OUT)
		snprintf(text, size,
			 "IPsec policy `%s` on %s has it leave through IPsec, for which there is no key (%s)",
			 p->text, name, reason);
	else
		snprintf(text, size,
			 "IPsec policy `%s` on %s takes it through IPsec alone, and it came without (%s)",
			 p->text, name, reason);
}

/* A group's packets end wherever they come to */
static bool goes(struct lc_node *node, enum ipsec_way way,
		 const struct lc_ends *ends)
{
	const bool ends_here = node_has_address(node, &ends->destination) ||
			       ip_is_multicast(&ends->destination);
	const bool begins_here = !ends->source.family ||
				 node_has_address(node, &ends->source);

	switch (way) {
	case IPSEC_IN:
		return ends_here;
	case IPSEC_OUT:
		return !ends_here || begins_here;
	case IPSEC_FORWARD:
		return !ends_here && !begins_here;
	}
	return false;
}

static bool has_refused(const struct tally_node *t, enum reason reason)
{
	const uint64_t *before = t->before, *after = t->after;

	return after && after[reason] > before[reason];
}

static bool has_refused_any(const struct tally_node *t)
{
	bool any = false;

	for (size_t i = 0; i < REASONS; i++)
		any |= has_refused(t, (enum reason)i);
	return any;
}

bool ipsec_on(const struct tally *refusals, struct lc_node *node,
	      const struct lc_ends *ends, uint8_t protocol, char *text,
	      size_t size)
{
	static const enum ipsec_way ways[] = { IPSEC_IN, IPSEC_FORWARD,
					       IPSEC_OUT };
	const struct tally_node *t = tally_of(refusals, node);
	struct ipsec_policy p;

	if (!has_refused_any(t))
		return false;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (!goes(node, ways[i], ends) ||
		    !node_ipsec_policy(node, ways[i], ends, protocol, &p) ||
		    !has_refused(t, reason_of(ways[i], &p)))
			continue;
		tell(node, ways[i], &p, text, size);
		return true;
	}
	return false;
}
