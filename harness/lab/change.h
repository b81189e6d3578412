/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.h - what a step may change
 */
#ifndef LAB_CHANGE_H
#define LAB_CHANGE_H

struct lc_err;
struct lc_node;

/**
 * node_may_change() - 0, or -EPERM: adopted nodes are never changed
 *
 * The lab is altered from then on.
 */
int node_may_change(struct lc_node *node, struct lc_err *err);

#endif
