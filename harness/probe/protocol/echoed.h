/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echoed.h - whether pings were answered by those who got them
 */
#ifndef PROBE_PROTOCOL_ECHOED_H
#define PROBE_PROTOCOL_ECHOED_H

#include <stdbool.h>

struct lc_batch;
struct probe;

/** echoed_begin() - Before the probes of a batch are sent */
void echoed_begin(struct lc_batch *batch);

/** echoed_count() - When they are settled, what was taken for whose answer */
void echoed_count(struct lc_batch *batch);

/** echoed_doubts() - Whether one may have been answered in its target's place */
bool echoed_doubts(const struct lc_batch *batch, const struct probe *probe);

#endif
