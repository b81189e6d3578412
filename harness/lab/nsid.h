/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nsid.h - what a network namespace calls another
 */
#ifndef LAB_NSID_H
#define LAB_NSID_H

#include <stdint.h>

struct lc_err;
struct lc_node;

/** node_nsid() - The number that a node's namespace has for another's; -1: it
 * has none */
int node_nsid(struct lc_node *node, struct lc_node *other, int32_t *ret_id,
	      struct lc_err *err);

#endif
