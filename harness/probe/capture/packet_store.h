/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_store.h - packets of several nodes, until they can be put in order
 */
#ifndef PROBE_PACKET_STORE_H
#define PROBE_PACKET_STORE_H

#include <stddef.h>
#include <stdint.h>

struct pcapng;
struct ring_packet;

/**
 * struct packet_store - What was read and not written
 * @serial:	How many there ever were
 * @kept:	Their bytes
 */
struct packet_store {
	struct record *records;
	size_t count, size, serial;
	uint8_t *kept;
	size_t kept_length, kept_size;
};

void store_done(struct packet_store *s);

/** store_add() - Keep a packet, with the number of its interface and that of the
 * part of the run that it belongs to; -ENOMEM */
int store_add(struct packet_store *s, const struct ring_packet *p,
	      uint32_t interface, size_t part);

/** store_take() - Move all up to a time, in order; @parts: their comments */
void store_take(struct packet_store *s, uint64_t ns, char *const *parts,
		struct pcapng *out);

#endif
