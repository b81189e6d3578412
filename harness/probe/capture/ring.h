/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring.h - all packets of a network namespace, in memory shared with the kernel
 */
#ifndef PROBE_RING_H
#define PROBE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_err;
struct lc_node;

enum { RING_FRAME = 2048 };		/* what it keeps of a packet, and more */

/** struct ring - The memory; without @map there is none */
struct ring {
	uint8_t *map;
	size_t size;
	unsigned int frames, next;
};

/**
 * ring_open() - Watch a node
 * @size:	Of the ring, a power of two from 64 KiB
 *
 * Return: its packet socket, or -errno
 */
int ring_open(struct ring *ring, struct lc_node *node, size_t size,
	      struct lc_err *err);

/** ring_unmap() - Let go of the memory, without which the socket is closed as any
 * other */
void ring_unmap(struct ring *ring);

/**
 * struct ring_packet - A packet of a ring
 * @bytes:	From its link header on; of what has no such header that has an
 *		address, from the network header on
 * @hatype:	ARPHRD_* of the interface; @type: PACKET_HOST, ...
 * @tag:	802.1Q tag that is not in @bytes, in the order of the wire;
 *		@tagged: there is one
 */
struct ring_packet {
	uint64_t ns;
	uint32_t ifindex;
	uint16_t protocol, hatype;
	uint8_t type;
	bool tagged;
	uint8_t tag[4];
	const uint8_t *bytes;
	uint32_t captured, length;
};

/** ring_next() - The oldest packet, which is valid until ring_release() makes
 * room for another; false: there is none */
bool ring_next(const struct ring *ring, struct ring_packet *ret);
void ring_release(struct ring *ring);

/** ring_losses() - How many the ring of a socket had no room for, since it was last
 * asked */
uint32_t ring_losses(int fd);

#endif
