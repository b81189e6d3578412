/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crowd.h - what a probe adds to the machine's table of neighbours
 */
#ifndef PROBE_NEIGHBOUR_CROWD_H
#define PROBE_NEIGHBOUR_CROWD_H

struct lc_batch;
struct probe;

enum { CROWD = 128 };		/* probes that make a large batch */

/** crowd_note() - A probe has been sent */
void crowd_note(struct lc_batch *batch, const struct probe *probe);

/** crowd_done() - All have */
void crowd_done(struct lc_batch *batch);

#endif
