/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passages.h - packets on their way through the rules of a node
 */
#ifndef POSTMORTEM_PASSAGES_H
#define POSTMORTEM_PASSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "postmortem/trace_packet.h"

struct lc_node;

/**
 * struct stage - A packet as it came to a chain
 * @id:		What the kernel calls it
 * @passage:	Which of all passages it belongs to; 0: to none of a probe's
 */
struct stage {
	struct lc_node *node;
	uint32_t id;
	size_t passage;
	struct traced packet;
};

/** struct passages - All stages, those of each node in their order */
struct passages {
	struct stage *stages;
	size_t count, room, last;
};

/**
 * passages_note() - A packet has come to a chain
 * @begins:	It is the first chain that a packet comes to
 * @packet:	NULL: it is of no probe
 *
 * Return: 0 or -ENOMEM
 */
int passages_note(struct passages *passages, struct lc_node *node, uint32_t id,
		  bool begins, const struct traced *packet);

/** passages_now() - Which one a node has under way by that name; 0: none that
 * matters */
size_t passages_now(const struct passages *passages,
		    const struct lc_node *node, uint32_t id);

void passages_done(struct passages *passages);

#endif
