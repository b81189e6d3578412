/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handover.h - whether a node has others at work on what comes in
 */
#ifndef LAB_HANDOVER_H
#define LAB_HANDOVER_H

#include <stdbool.h>

struct lc_node;

/** node_hands_over() - Whether an interface hands what comes in to another
 * processor, or to a thread; false, too, if that can't be known */
bool node_hands_over(struct lc_node *node);

#endif
