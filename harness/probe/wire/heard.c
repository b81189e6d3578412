// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * heard.c - who has answered ARP or neighbour discovery of a node
 *
 * Whoever did shows that what the node sends by that interface gets somewhere
 * (control.c).  Of each interface the last one is enough.
 */
#include <labcheck/value.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/wire/heard.h"

void heard_note(struct lc_batch *b, struct lc_node *node, uint32_t ifindex,
		const struct lc_ip *by)
{
	struct heard *h = node->probe->heard, *last = h + HEARD_MAX - 1;

	while (h < last && h->batch == b->number && h->ifindex != ifindex)
		h++;
	*h = (struct heard){ b->number, ifindex, *by };
}

const struct heard *heard_on(const struct lc_batch *b,
			     const struct lc_node *node, uint32_t ifindex)
{
	const struct heard *h = node->probe->heard;

	for (size_t i = 0; i < HEARD_MAX; i++)
		if (h[i].batch == b->number && h[i].ifindex == ifindex)
			return &h[i];
	return NULL;
}
