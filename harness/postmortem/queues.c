// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queues.c - which queue threw a packet away
 *
 * Queues (tbf, netem, ...) are in front of where taps see what leaves, and count
 * what they throw away.
 */
#include <stdbool.h>
#include <string.h>

#include "lab/qdiscs.h"
#include "postmortem/queues.h"
#include "postmortem/tally.h"

int queues_read(struct lc_node *node, void **ret_losses, size_t *ret_count)
{
	struct queue_losses *losses;
	int r = node_queue_losses(node, &losses, ret_count);

	if (!r)
		*ret_losses = losses;
	return r;
}

static bool is_same(const struct queue_losses *a, const struct queue_losses *b)
{
	return a->ifindex == b->ifindex && a->parent == b->parent &&
	       a->handle == b->handle && !strcmp(a->kind, b->kind);
}

/* What a queue was before, or NULL */
static const struct queue_losses *was(const struct tally_node *t,
				      const struct queue_losses *is)
{
	const struct queue_losses *list = t->before;

	for (size_t i = 0; i < t->before_count; i++)
		if (is_same(&list[i], is))
			return &list[i];
	return NULL;
}

/* What filters drop is told of them (filters.c) */
static bool is_queue(const struct queue_losses *q)
{
	return strcmp(q->kind, "ingress") != 0 &&
	       strcmp(q->kind, "clsact") != 0;
}

const char *queues_lost(const struct tally *queues, const struct lc_node *node,
			uint32_t ifindex)
{
	const struct tally_node *t = tally_of(queues, node);
	const struct queue_losses *list = t->after;

	for (size_t i = 0; i < t->after_count; i++) {
		const struct queue_losses *is = &list[i], *old = was(t, is);

		if (is->ifindex == ifindex && is_queue(is) && old &&
		    is->packets > old->packets)
			return is->kind;
	}
	return NULL;
}
