/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forwarding.h - whether a node forwards packets of others
 */
#ifndef LAB_FORWARDING_H
#define LAB_FORWARDING_H

#include <stdbool.h>

struct lc_err;
struct lc_node;

/** node_forwards() - Whether some interface of it forwards packets */
int node_forwards(struct lc_node *node, bool *ret_forwards,
		  struct lc_err *err);

#endif
