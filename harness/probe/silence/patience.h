/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patience.h - how long those get whose silence can't be proved
 */
#ifndef PROBE_SILENCE_PATIENCE_H
#define PROBE_SILENCE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct probe;

/** patience_ns() - How long programs and shapers get */
uint64_t patience_ns(const struct lc_batch *batch);

/** silence_needs_patience() - Whether more than the kernel may still be at work on
 * a probe, and then how long it gets */
bool silence_needs_patience(struct lc_batch *batch, const struct probe *probe,
			    uint64_t *ret_ns);

#endif
