// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * passages.c - packets on their way through the rules of a node
 *
 * The kernel makes the number of a traced packet of where it is kept, which has the
 * next one as well when the one before it is gone: all questions of neighbours may
 * have the same.  So each time that a packet comes to the first of all chains
 * another passage begins, whatever its number.
 */
#include <errno.h>
#include <stdlib.h>

#include "postmortem/passages.h"

size_t passages_now(const struct passages *p, const struct lc_node *node,
		    uint32_t id)
{
	for (size_t i = p->count; i-- > 0;)
		if (p->stages[i].node == node && p->stages[i].id == id)
			return p->stages[i].passage;
	return 0;
}

static int make_room(struct passages *p)
{
	const size_t room = p->room ? 2 * p->room : 64;
	struct stage *stages;

	if (p->count < p->room)
		return 0;
	stages = reallocarray(p->stages, room, sizeof(*stages));
	if (!stages)
		return -ENOMEM;
	p->stages = stages;
	p->room = room;
	return 0;
}

int passages_note(struct passages *p, struct lc_node *node, uint32_t id,
		  bool begins, const struct traced *packet)
{
	const size_t now = begins ? 0 : passages_now(p, node, id);
	struct stage s = { .node = node, .id = id };

	if (make_room(p))
		return -ENOMEM;
	if (packet) {
		s.packet = *packet;
		s.passage = now ? now : ++p->last;
	}
	p->stages[p->count++] = s;
	return 0;
}

void passages_done(struct passages *p)
{
	free(p->stages);
	*p = (struct passages){ 0 };
}
