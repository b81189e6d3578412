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
 * loses ARP alone that is not what its programs see.
 *
 * Who becomes whose neighbour is taken from the plan.  Where that is not so any
 * more, there is no such entry, and the kernel's refusal says nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "lab/address_message.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "probe/batch.h"
#include "scenario/address.h"

enum {
	CROWD = 128,		/* probes of a batch */
	VOUCH_EACH = 64,	/* probes; each makes two entries at most */
};

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

/* By which interface, and as whom, a node has an address on its link */
static const struct plan_address *link_to(const struct lc_node *node,
					  const struct lc_ip *ip,
					  uint32_t *ret_ifindex)
{
	const struct plan_node *plan = node->plan;

	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i];

		for (size_t k = 0; k < f->address_count; k++) {
			const struct plan_address *a = &f->addresses[k];

			if (!prefix_contains(&a->ip, a->length, ip))
				continue;
			*ret_ifindex = f->ifindex;
			return a;
		}
	}
	return NULL;
}

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

void crowd_note(struct lc_batch *b, const struct probe *p)
{
	const struct lc_ip *to = &p->seen.address;
	const struct plan_address *from;
	struct acquaintance there;
	struct crowd *c = b->crowd;
	uint32_t ifindex;

	if (b->count < CROWD || !p->target || p->target == p->from)
		return;
	from = link_to(p->from, to, &ifindex);
	if (!from || !link_to(p->target, &from->ip, &there.ifindex))
		return;
	if (!c)
		c = b->crowd = calloc(1, sizeof(*c));
	if (!c)
		return;
	there.node = p->target;
	there.ip = from->ip;
	c->known[c->count++] = there;
	c->known[c->count++] = (struct acquaintance){ p->from, ifindex, *to };
	if (c->count == 2 * VOUCH_EACH)
		vouch(c);
}

void crowd_done(struct lc_batch *b)
{
	if (b->crowd)
		vouch(b->crowd);
	free(b->crowd);
	b->crowd = NULL;
}
