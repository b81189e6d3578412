/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overflows.h - SYNs that a node's kernel dropped since servers were too slow
 */
#ifndef LAB_OVERFLOWS_H
#define LAB_OVERFLOWS_H

#include <stdint.h>

struct lc_node;

/**
 * node_listen_overflows() - How many, since the namespace was made
 *
 * Of the whole namespace: the kernel does not count by port.  A SYN whose answer
 * has no way back is none of them.
 *
 * Return: 0, or -errno: it can't be told
 */
int node_listen_overflows(struct lc_node *node, uint64_t *ret_count);

#endif
