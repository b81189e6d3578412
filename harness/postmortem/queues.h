/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queues.h - which queue threw a packet away
 */
#ifndef POSTMORTEM_QUEUES_H
#define POSTMORTEM_QUEUES_H

#include <stddef.h>
#include <stdint.h>

struct lc_node;
struct tally;

/** queues_read() - What the queues of a node have lost: a tally_read */
int queues_read(struct lc_node *node, void **ret_losses, size_t *ret_count);

/** queues_lost() - The kind of an interface's queue that has lost something
 * meanwhile, or NULL */
const char *queues_lost(const struct tally *queues, const struct lc_node *node,
			uint32_t ifindex);

#endif
