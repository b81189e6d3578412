/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.h - whether an answer is the one that the target gave
 */
#ifndef PROBE_PACKET_TRAIL_H
#define PROBE_PACKET_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet;

enum { TRAIL_NUMBERS = 8 };

/** struct numbers - What packets of one kind bore; @count is more than the list has
 * if they were more than fit */
struct numbers {
	uint16_t list[TRAIL_NUMBERS];
	uint16_t count;
};

enum trail_place {
	TRAIL_ASKED,	/* the request, as it left */
	TRAIL_GOT,	/* as the target got it */
	TRAIL_SAID,	/* the answer, as it left the target */
	TRAIL_HEARD,	/* as it came home */
	TRAIL_PLACES,
};

/** struct trail - Of an echo, each time that it is sent */
struct trail {
	struct numbers at[TRAIL_PLACES];
};

void trail_note(struct trail *trail, enum trail_place place,
		const struct packet *packet);

/** trail_is_broken() - The target has answered, and what came home was not that */
bool trail_is_broken(const struct trail *trail);

#endif
