/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbour_limit.h - what the machine's neighbour tables have no room or no time for
 */
#ifndef LAB_NEIGHBOUR_LIMIT_H
#define LAB_NEIGHBOUR_LIMIT_H

#include <stddef.h>
#include <stdint.h>

struct lc_err;
struct lc_node;

/**
 * neighbour_overflows() - How many entries were refused since the machine
 * started, for want of room (ARP and neighbour discovery)
 * @node:	Any: the tables are the machine's, and so is the number
 */
int neighbour_overflows(struct lc_node *node, uint64_t *ret_count,
			struct lc_err *err);

/**
 * neighbour_answers_delayed() - How many questions the kernel is yet to answer,
 * in the place of others (proxy ARP), after its random time
 * @node:	Any, likewise
 */
int neighbour_answers_delayed(struct lc_node *node, size_t *ret_count,
			      struct lc_err *err);

#endif
