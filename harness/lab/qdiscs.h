/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qdiscs.h - whether packets may wait in a node's queues
 */
#ifndef LAB_QDISCS_H
#define LAB_QDISCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/**
 * struct queue_losses - What one queue has thrown away since it was made
 * @parent, @handle: Which of the interface's queues it is
 */
struct queue_losses {
	uint32_t ifindex, parent, handle;
	char kind[16];
	uint32_t packets;
};

/** node_queue_losses() - Of all queues of a node; the caller free()s them */
int node_queue_losses(struct lc_node *node, struct queue_losses **ret_losses,
		      size_t *ret_count);

#endif
