// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pending.c - what the kernel itself makes packets wait for
 *
 * All may be at rest and a packet still be under way: in the entry of a neighbour
 * who has not answered yet, or in the queue of a shaper.
 */
#include <linux/neighbour.h>
#include <stdio.h>

#include <labcheck/auto.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/qdiscs.h"
#include "probe/batch/batch.h"
#include "probe/silence/pending.h"
#include "probe/silence/promptness.h"
#include "scenario/address.h"

#define MS 1000000ull

/* A probe is at its last router long before this */
static const uint64_t slack_ms = 500;

bool queues_pending(struct lc_batch *b)
{
	struct queues queues;

	for (size_t i = 0; !lab_is_prompt(b) && i < b->lab->node_count; i++)
		if (b->lab->nodes[i].plan->kind != NODE_SHARED &&
		    b->lab->nodes[i].netns >= 0 &&
		    !node_queues(&b->lab->nodes[i], &queues, NULL) &&
		    queues.shaped && queues.waiting)
			return true;
	return false;
}

bool neighbours_pending(struct lc_lab *lab, uint64_t sent_ns,
			char who[static PENDING_TEXT])
{
	const uint64_t since_ms = (clock_ns() - sent_ns) / MS;

	for (size_t i = 0; i < lab->node_count; i++) {
		lc_auto(lc_free) struct lc_neighbour *list = NULL;
		size_t count = 0;
		char text[IP_TEXT_SIZE];

		if (lab->nodes[i].netns < 0 ||
		    lab->nodes[i].plan->kind == NODE_SHARED ||
		    lc_node_neighbours(&lab->nodes[i], &list, &count, NULL))
			continue;
		for (size_t k = 0; k < count; k++) {
			if (list[k].state != NUD_INCOMPLETE ||
			    list[k].age_ms + slack_ms < since_ms)
				continue;
			snprintf(who, PENDING_TEXT, "%.64s for %s",
				 lc_node_name(&lab->nodes[i]),
				 ip_format(&list[k].ip, text));
			return true;
		}
	}
	return false;
}
