/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * absence.h - proof that a neighbour is not there
 */
#ifndef PROBE_SILENCE_ABSENCE_H
#define PROBE_SILENCE_ABSENCE_H

#include <stdbool.h>
#include <stdint.h>

struct lc_batch;
struct lc_ip;
struct lc_node;

/** absence_begin() - Before the first probe of a batch that may need it */
void absence_begin(struct lc_batch *batch);
void absence_free(struct lc_batch *batch);

/** absence_is_proved() - Whether a node's kernel was told to give up on one */
bool absence_is_proved(const struct lc_batch *batch,
		       const struct lc_node *node, uint32_t ifindex,
		       const struct lc_ip *ip);

/** absence_settle() - Have those given up of which it is proved */
void absence_settle(struct lc_batch *batch);

#endif
