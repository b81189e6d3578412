/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qdiscs.h - whether packets may wait in a node's queues
 */
#ifndef LAB_QDISCS_H
#define LAB_QDISCS_H

#include <stdbool.h>

struct lc_err;
struct lc_node;

/**
 * struct queues - Of all interfaces of a node
 * @shaped:	Some queue keeps packets
 * @waiting:	Some queue holds packets at this moment
 */
struct queues {
	bool shaped, waiting;
};

int node_queues(struct lc_node *node, struct queues *ret, struct lc_err *err);

#endif
