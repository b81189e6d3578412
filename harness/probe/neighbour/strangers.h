/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strangers.h - no probe profits from what another taught its sender
 */
#ifndef PROBE_NEIGHBOUR_STRANGERS_H
#define PROBE_NEIGHBOUR_STRANGERS_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_err;
struct lc_ip;
struct lc_node;
struct probe;
struct strangers;

/** strangers_begin() - Note where each is to ask for each, into batch.strangers;
 * NULL: that proves no more than hearing does */
int strangers_begin(struct lc_batch *batch, struct lc_err *err);
void strangers_free(struct strangers *strangers);

/** strangers_know() - Whether a node knew of a neighbour before */
bool strangers_know(const struct strangers *strangers,
		    const struct lc_node *node, uint32_t ifindex,
		    const struct lc_ip *ip);

/** strangers_meet() - Before it is sent; false: not now, while others are
 * unsettled */
bool strangers_meet(struct lc_batch *batch, const struct probe *probe);

/** strangers_doubt() - Whether it was answered because its target happened to be
 * heard of: then it is to go again, alone */
bool strangers_doubt(struct lc_batch *batch, const struct probe *probe);

#endif
