// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tally.c - what each node counts of something, before a probe and after it
 *
 * Counters tell of all packets together.  What they have counted while a probe was
 * under way may have been the probe, or another: who asks must know more.
 */
#include <stdlib.h>

#include "lab/lab.h"
#include "postmortem/tally.h"
#include "postmortem/watch.h"

struct tally {
	struct lc_lab *lab;
	tally_read read;
	struct tally_node *nodes;	/* by their number */
};

struct tally *tally_begin(struct lc_lab *lab, tally_read read)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t)
		t->nodes = calloc(lab->node_count, sizeof(*t->nodes));
	if (!t || !t->nodes) {
		free(t);
		return NULL;
	}
	t->lab = lab;
	t->read = read;
	for (size_t i = 0; i < lab->node_count; i++)
		if (node_can_be_watched(&lab->nodes[i]))
			read(&lab->nodes[i], &t->nodes[i].before,
			     &t->nodes[i].before_count);
	return t;
}

void tally_end(struct tally *t)
{
	for (size_t i = 0; t && i < t->lab->node_count; i++)
		if (t->nodes[i].before)
			t->read(&t->lab->nodes[i], &t->nodes[i].after,
				&t->nodes[i].after_count);
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; t && i < t->lab->node_count; i++) {
		free(t->nodes[i].before);
		free(t->nodes[i].after);
	}
	if (t)
		free(t->nodes);
	free(t);
}

const struct tally_node *tally_of(const struct tally *t,
				  const struct lc_node *node)
{
	static const struct tally_node nothing = { 0 };

	return t ? &t->nodes[node - t->lab->nodes] : &nothing;
}
