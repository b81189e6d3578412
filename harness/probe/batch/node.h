/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - what the engine keeps open in a node between batches
 */
#ifndef PROBE_BATCH_NODE_H
#define PROBE_BATCH_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include <labcheck/value.h>

#include "lab/echoes.h"
#include "probe/batch/loop.h"

struct lc_err;
struct lc_node;

/**
 * struct packet_socket - One that captures on an interface, see capture.c
 * @bound:	To the interface; @busy: a step is using it
 */
struct packet_socket {
	int fd;
	uint32_t ifindex;
	bool bound, busy;
	struct packet_socket *next;
};

/**
 * struct heard - Who has answered ARP or neighbour discovery of a node
 * @batch:	In which batch; @ifindex: where it came in
 */
struct heard {
	uint64_t batch;
	uint32_t ifindex;
	struct lc_ip by;
};

enum { HEARD_MAX = 4 };		/* interfaces; of each the last one */

/**
 * struct echoed - What a node's kernel has answered of a batch, see echoed.c
 * @before:	Its counts when the batch began, if @told
 * @taken:	How many answers were taken for its own
 */
struct echoed {
	struct echoes before;
	uint64_t batch, taken;
	bool told, compared, falls_short;
};

/**
 * struct probe_node - What the engine keeps open in a node between batches
 * @captures:	Packet sockets of captures; @marker: the one that sends marks
 * @watchers:	Packet sockets of a post-mortem
 * @recorder:	That of a recording (recording.c)
 * @tap_lost:	The tap has dropped packets: it proves nothing
 * @echoed:	Of IPv4, and of IPv6
 * @heard:	What its tap has shown of others, see control.c
 * @router:	It forwards packets of others
 * @paced_until_ns: When its last paced probe is due, see muted.c
 * @overflows:	SYNs that its servers had no room for, as of the beginning of
 *		@overflows_batch; UINT64_MAX: not told
 * @limits:	It limits its ICMP errors of @limits_family, as of @limits_batch
 */
struct probe_node {
	struct watch echo4, echo6, tap;
	struct packet_socket *captures;
	int marker, watchers, recorder;
	bool tap_lost, router, limits;
	int limits_family;
	struct echoed echoed[2];
	struct heard heard[HEARD_MAX];
	uint64_t paced_until_ns;
	uint64_t overflows, overflows_batch, limits_batch;
};

/** probe_node_ready() - Have a node's namespace open, and a place for what is kept
 * there */
int probe_node_ready(struct lc_node *node, struct lc_err *err);

#endif
