/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pieces.h - whether all fragments of a packet were seen
 */
#ifndef PROBE_PIECES_H
#define PROBE_PIECES_H

#include "probe/packet/packet.h"

/**
 * struct pieces - A packet that comes in fragments over one interface
 * @first:	The first of them, which alone shows what it carries
 * @ifindex:	0: no packet is under way
 * @total:	Bytes behind the IP header; 0: not known yet
 */
struct pieces {
	struct packet first;
	int ifindex, type;
	size_t seen, total;
};

void pieces_begin(struct pieces *pieces, const struct packet *first,
		  int ifindex, int type);

/** pieces_add() - A further one; true: that was the last */
bool pieces_add(struct pieces *pieces, const struct packet *packet,
		int ifindex);

#endif
