/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quiet.h - nothing is under way any more
 */
#ifndef PROBE_SILENCE_QUIET_H
#define PROBE_SILENCE_QUIET_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_err;

/**
 * struct quiet - What it took until nothing was under way
 * @moved:	The daemon or this batch had something to do
 * @waits:	The daemon has passed something on and waits for an answer
 */
struct quiet {
	bool moved, waits;
};

/** quiet_begin() - Have all who send for the lab on this processor */
int quiet_begin(struct lc_batch *batch, struct lc_err *err);

/** silence_prove() - Wait until nothing that the kernel had to do is left */
int silence_prove(struct lc_batch *batch, struct lc_err *err);

/**
 * quiet_reach() - Wait until nobody has anything to do
 * @since_ns:	What was passed on before is of no interest
 */
int quiet_reach(struct lc_batch *batch, uint64_t since_ns,
		struct quiet *ret_quiet, struct lc_err *err);

/** quiet_arrive() - Wait until all that was sent has arrived, for those who count
 * it: also what a shaper keeps */
int quiet_arrive(struct lc_batch *batch, struct lc_err *err);

/** quiet_note() - Whether all that was sent before this moment has arrived, into
 * batch.quiet_ns */
void quiet_note(struct lc_batch *batch);

/** quiet_is_there() - Whether all that was sent has arrived, and nobody has
 * anything to do */
bool quiet_is_there(struct lc_batch *batch);

#endif
