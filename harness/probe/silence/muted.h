/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * muted.h - routers that would report an error, and may not
 */
#ifndef PROBE_SILENCE_MUTED_H
#define PROBE_SILENCE_MUTED_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_err;
struct probe;

/** routers_observe() - Open taps at all nodes that may report an error */
int routers_observe(struct lc_batch *batch, struct lc_err *err);

/** silence_may_be_muted() - Whether the last router would have reported an error,
 * had it been free to */
bool silence_may_be_muted(const struct lc_batch *batch,
			  const struct probe *probe);

/** muted_slot() - When it is, for the next try */
uint64_t muted_slot(struct lc_batch *batch, struct probe *probe);

#endif
