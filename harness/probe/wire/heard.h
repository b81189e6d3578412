/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heard.h - who has answered ARP or neighbour discovery of a node
 */
#ifndef PROBE_WIRE_HEARD_H
#define PROBE_WIRE_HEARD_H

#include <stdint.h>

struct heard;
struct lc_batch;
struct lc_ip;
struct lc_node;

/** heard_note() - Somebody did, on one of its interfaces */
void heard_note(struct lc_batch *batch, struct lc_node *node,
		uint32_t ifindex, const struct lc_ip *by);

/** heard_on() - The last one in this batch who did; NULL: nobody */
const struct heard *heard_on(const struct lc_batch *batch,
			     const struct lc_node *node, uint32_t ifindex);

#endif
