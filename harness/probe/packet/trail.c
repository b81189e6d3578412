// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trail.c - whether an answer is the one that the target gave
 *
 * Target and forger may both answer, and what the target says be lost on its way:
 * then all that counts answers is content.  But each packet of IPv4 bears a number of
 * its sender's choice (RFC 791, identification), which routers, bridges and NAT leave
 * alone.  So the answer that came home must be one that left the target.
 *
 * A program that carries echoes sends packets of its own.  It shows in that the
 * request came with another number than it had left with; then nothing is said.
 * Nor is it of IPv6, which has no such number.
 */
#include <sys/socket.h>

#include "probe/packet/packet.h"
#include "probe/packet/trail.h"

static void note(struct numbers *n, const struct packet *k)
{
	for (size_t i = 0; i < n->count && i < TRAIL_NUMBERS; i++)
		if (n->list[i] == k->piece.id)
			return;
	if (n->count < TRAIL_NUMBERS)
		n->list[n->count] = (uint16_t)k->piece.id;
	if (n->count <= TRAIL_NUMBERS)
		n->count++;
}

void trail_note(struct trail *t, enum trail_place place, const struct packet *k)
{
	if (k->source.family == AF_INET)
		note(&t->at[place], k);
}

/* At both, and no more than could be noted */
static bool are_told(const struct numbers *a, const struct numbers *b)
{
	return a->count && a->count <= TRAIL_NUMBERS && b->count &&
	       b->count <= TRAIL_NUMBERS;
}

static bool has_common(const struct numbers *a, const struct numbers *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			if (a->list[i] == b->list[k])
				return true;
	return false;
}

bool trail_is_broken(const struct trail *t)
{
	const struct numbers *asked = &t->at[TRAIL_ASKED],
			     *got = &t->at[TRAIL_GOT],
			     *said = &t->at[TRAIL_SAID],
			     *heard = &t->at[TRAIL_HEARD];

	return are_told(asked, got) && has_common(asked, got) &&
	       are_told(said, heard) && !has_common(said, heard);
}
