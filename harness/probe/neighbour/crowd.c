// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crowd.c - more neighbours than the machine's table has room for
 *
 * The kernel keeps the neighbours of all namespaces in one table of 1024, and a
 * lab can't change that.  Forty nodes that all reach each other have more, and
 * from there on packets vanish without a word.  Entries that somebody outside of
 * the kernel vouches for (NTF_EXT_LEARNED) are not counted.
 *
 * So in a large batch we vouch for neighbours as they come, some probes later at
 * the most.  Nothing else is said of them: whether there is one, with which MAC
 * address and in which state, is for the kernel to find out by ARP or neighbour
 * discovery as ever, before and after.  To make entries instead would be faster,
 * and would show what is reached by those who need not ask: in a network that
 * loses ARP alone that is not what its programs see.  Who has met its target
 * (meeting.c) has such an entry.
 *
 * Who becomes whose neighbour is taken from the plan.  Where that is not so any
 * more, there is no such entry, and the kernel's refusal says nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "lab/address_message.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/neighbour/crowd.h"
#include "probe/neighbour/on_link.h"
#include "probe/neighbour/strangers.h"

enum { VOUCH_EACH = 64 };	/* probes; each makes two entries at most */

/** struct acquaintance - A node that has an address for its neighbour */
struct acquaintance {
	struct lc_node *node;
	uint32_t ifindex;
	struct lc_ip ip;
};

struct crowd {
	struct acquaintance known[2 * VOUCH_EACH];
	size_t count;
};

/* All that one node is to vouch for goes in one batch */
static void vouch_at(const struct crowd *c, struct lc_node *node)
{
	struct rtnl *rtnl;
	struct rtnl_msg m;

	if (node_rtnl(node, &rtnl, NULL))
		return;
	for (size_t i = 0; i < c->count; i++) {
		if (c->known[i].node != node)
			continue;
		rtnl_build_neighbour_vouch(&m, c->known[i].ifindex,
					   &c->known[i].ip);
		rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "neighbour");
		rtnl_forgive(rtnl, -ENOENT);
	}
	/* Without it the table may be full, and that is seen */
	rtnl_commit(rtnl, NULL, NULL);
}

static void vouch(struct crowd *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct lc_node *node = c->known[i].node;
		size_t first = 0;

		while (c->known[first].node != node)
			first++;
		if (first == i)
			vouch_at(c, node);
	}
	c->count = 0;
}

/* What it knew before is counted, or is none of the kernel's own: to be vouched
 * for would make an entry that somebody has made for good like any other */
static void note(struct lc_batch *b, struct lc_node *node, uint32_t ifindex,
		 const struct lc_ip *ip)
{
	struct crowd *c = b->crowd;

	if (!b->strangers || !strangers_know(b->strangers, node, ifindex, ip))
		c->known[c->count++] =
			(struct acquaintance){ node, ifindex, *ip };
}

void crowd_note(struct lc_batch *b, const struct probe *p)
{
	const struct lc_ip *to = &p->seen->address;
	const struct plan_address *from;
	uint32_t ifindex, there;

	if (b->count < CROWD || p->met || !p->target || p->target == p->from)
		return;
	from = on_link(p->from, to, &ifindex);
	if (!from || !on_link(p->target, &from->ip, &there))
		return;
	if (!b->crowd)
		b->crowd = calloc(1, sizeof(*b->crowd));
	if (!b->crowd)
		return;
	note(b, p->target, there, &from->ip);
	note(b, p->from, ifindex, to);
	if (b->crowd->count + 2 > 2 * VOUCH_EACH)
		vouch(b->crowd);
}

void crowd_done(struct lc_batch *b)
{
	if (b->crowd)
		vouch(b->crowd);
	free(b->crowd);
	b->crowd = NULL;
}
