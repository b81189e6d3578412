/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending.h - what the kernel itself makes packets wait for
 */
#ifndef PROBE_SILENCE_PENDING_H
#define PROBE_SILENCE_PENDING_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_lab;

enum { PENDING_TEXT = 128 };

/**
 * neighbours_pending() - Is a node of the lab still asking for a neighbour, on
 * account of what was sent then?
 * @who:	Who asks for whom
 *
 * Programs may go on asking for one that is not there; a question that was first
 * put long after the probe was sent does not hold it up.
 */
bool neighbours_pending(struct lc_lab *lab, uint64_t sent_ns,
			char who[static PENDING_TEXT]);

/** queues_pending() - Whether a shaper of the lab still holds packets */
bool queues_pending(struct lc_batch *batch);

#endif
