/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queues.h - which queue threw a packet away
 */
#ifndef POSTMORTEM_QUEUES_H
#define POSTMORTEM_QUEUES_H

#include <stdint.h>

struct lc_lab;
struct lc_node;
struct queue_watch;

/** queues_begin() - Note what each queue of the lab has lost; NULL: no memory */
struct queue_watch *queues_begin(struct lc_lab *lab);

/** queues_end() - Note again; what is lost later is of no interest */
void queues_end(struct queue_watch *queues);
void queues_free(struct queue_watch *queues);

/** queues_lost() - The kind of an interface's queue that has lost something
 * meanwhile, or NULL */
const char *queues_lost(const struct queue_watch *queues,
			const struct lc_node *node, uint32_t ifindex);

#endif
