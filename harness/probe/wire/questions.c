// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * questions.c - which neighbours were asked for in a batch, as taps have seen it
 *
 * The kernel does not tell whether it has asked, nor does it keep who did not answer
 * when its table is short of room.  A question that was seen leaving shows that it
 * has; what it proves that nobody answered is for absence.c to say.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/wire/questions.h"

struct questions *questions_begin(struct lc_batch *b)
{
	return b->questions = calloc(1, sizeof(*b->questions));
}

void questions_free(struct lc_batch *b)
{
	struct questions *q = b->questions;

	if (!q)
		return;
	tdestroy(q->all, free);
	free(q->askers);
	free(q);
	b->questions = NULL;
}

static int compare(const void *x, const void *y)
{
	const struct question *a = x, *b = y;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	if (a->ip.family != b->ip.family)
		return a->ip.family < b->ip.family ? -1 : 1;
	return memcmp(a->ip.bytes, b->ip.bytes, sizeof(a->ip.bytes));
}

struct question *question_find(const struct lc_batch *b,
			       const struct lc_node *node, uint32_t ifindex,
			       const struct lc_ip *ip)
{
	const struct question key = {
		.node = node, .ifindex = ifindex, .ip = *ip,
	};
	struct question **found;

	found = b->questions ? tfind(&key, &b->questions->all, compare) : NULL;
	return found ? *found : NULL;
}

/* Without room for it, it is as if it had not been seen */
void question_asker(struct lc_batch *b, struct lc_node *node)
{
	struct questions *q = b->questions;
	struct lc_node **grown;

	for (size_t i = 0; i < q->asker_count; i++)
		if (q->askers[i] == node)
			return;
	grown = reallocarray(q->askers, q->asker_count + 1, sizeof(*grown));
	if (!grown)
		return;
	q->askers = grown;
	q->askers[q->asker_count++] = node;
}

static struct question *question_note(struct lc_batch *b, struct lc_node *node,
				      uint32_t ifindex, const struct lc_ip *ip)
{
	struct question *q = question_find(b, node, ifindex, ip);

	if (q)
		return q;
	q = malloc(sizeof(*q));
	if (!q)
		return NULL;
	*q = (struct question){ .node = node, .ifindex = ifindex, .ip = *ip };
	if (!tsearch(q, &b->questions->all, compare)) {
		free(q);
		return NULL;
	}
	question_asker(b, node);
	return q;
}

void question_seen(struct lc_batch *b, struct lc_node *node, uint32_t ifindex,
		   const struct lc_ip *ip)
{
	struct question *q = b->questions ?
				     question_note(b, node, ifindex, ip) : NULL;

	if (q)
		q->over = q->unplugged = false;
}

struct question *question_unplugged(struct lc_batch *b, struct lc_node *node,
				    uint32_t ifindex, const struct lc_ip *ip)
{
	struct question *q = question_note(b, node, ifindex, ip);

	if (q)
		q->unplugged = true;
	return q;
}
