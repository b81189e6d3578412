// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queues.c - which queue threw a packet away
 *
 * Queues (tbf, netem, ...) are in front of where taps see what leaves, and count
 * what they throw away.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/qdiscs.h"
#include "postmortem/queues.h"

/** struct queue_state - Of one node, before and after */
struct queue_state {
	struct queue_losses *before, *after;
	size_t before_count, after_count;
};

struct queue_watch {
	struct lc_lab *lab;
	struct queue_state *nodes;	/* by their number */
};

static bool has_queues(const struct lc_node *node)
{
	return node->plan->kind != NODE_SHARED && !node->plan->absent &&
	       node->netns >= 0;
}

struct queue_watch *queues_begin(struct lc_lab *lab)
{
	struct queue_watch *w = calloc(1, sizeof(*w));

	if (w)
		w->nodes = calloc(lab->node_count, sizeof(*w->nodes));
	if (!w || !w->nodes) {
		free(w);
		return NULL;
	}
	w->lab = lab;
	for (size_t i = 0; i < lab->node_count; i++)
		if (has_queues(&lab->nodes[i]))
			node_queue_losses(&lab->nodes[i], &w->nodes[i].before,
					  &w->nodes[i].before_count);
	return w;
}

void queues_end(struct queue_watch *w)
{
	for (size_t i = 0; w && i < w->lab->node_count; i++)
		if (w->nodes[i].before)
			node_queue_losses(&w->lab->nodes[i],
					  &w->nodes[i].after,
					  &w->nodes[i].after_count);
}

void queues_free(struct queue_watch *w)
{
	for (size_t i = 0; w && i < w->lab->node_count; i++) {
		free(w->nodes[i].before);
		free(w->nodes[i].after);
	}
	if (w)
		free(w->nodes);
	free(w);
}

static const struct queue_losses *find(const struct queue_losses *list,
				       size_t count, uint32_t ifindex,
				       const char *kind)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].ifindex == ifindex &&
		    (!kind || !strcmp(list[i].kind, kind)))
			return &list[i];
	return NULL;
}

const char *queues_lost(const struct queue_watch *w, const struct lc_node *node,
			uint32_t ifindex)
{
	const struct queue_state *s;

	if (!w)
		return NULL;
	s = &w->nodes[node - w->lab->nodes];
	for (size_t i = 0; i < s->after_count; i++) {
		const struct queue_losses *is = &s->after[i], *was;

		was = find(s->before, s->before_count, ifindex, is->kind);
		if (is->ifindex == ifindex && was &&
		    is->packets > was->packets &&
		    strcmp(is->kind, "ingress") != 0 &&
		    strcmp(is->kind, "clsact") != 0)
			return is->kind;
	}
	return NULL;
}
