// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pieces.c - whether all fragments of a packet were seen
 *
 * The first fragment is no packet yet: a firewall that drops those behind it
 * drops all of it.  In a lab they come in order, the first one first.
 */
#include "probe/packet/packet.h"
#include "probe/packet/pieces.h"
#include "scenario/address.h"

void pieces_begin(struct pieces *s, const struct packet *first, int ifindex,
		  int type)
{
	*s = (struct pieces){ .first = *first, .ifindex = ifindex,
			      .type = type, .seen = first->piece.length };
}

bool pieces_add(struct pieces *s, const struct packet *k, int ifindex)
{
	if (s->ifindex != ifindex || s->first.piece.id != k->piece.id ||
	    !ip_equal(&s->first.source, &k->source))
		return false;
	s->seen += k->piece.length;
	if (!k->piece.more)
		s->total = k->piece.offset + k->piece.length;
	if (!s->total || s->seen < s->total)
		return false;
	s->ifindex = 0;
	return true;
}
