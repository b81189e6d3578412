/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng.h - packets as a pcapng file, block by block
 */
#ifndef REPORT_PCAPNG_H
#define REPORT_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct pcapng - Whole blocks, to be written as they are
 * @failed:	There was no memory for one: none is added any more
 */
struct pcapng {
	uint8_t *bytes;
	size_t length, size;
	bool failed;
};

void pcapng_done(struct pcapng *p);

/** struct pcapng_section - What a file opens with; NULL: not told */
struct pcapng_section {
	const char *comment, *hardware, *os, *application;
};

void pcapng_add_section(struct pcapng *p, const struct pcapng_section *s);

/** Link types, by the numbers of tcpdump.org's list */
enum pcapng_link {
	PCAPNG_ETHERNET = 1,
	PCAPNG_RAW_IP = 101,
};

/** pcapng_add_interface() - The first one is number 0, and so on; @snap: what
 * is kept of a packet at most */
void pcapng_add_interface(struct pcapng *p, const char *name,
			  enum pcapng_link link, uint32_t snap);

/** Which way a packet goes, and to whom: epb_flags */
enum {
	PCAPNG_IN = 1, PCAPNG_OUT = 2,
	PCAPNG_UNICAST = 1 << 2, PCAPNG_MULTICAST = 2 << 2,
	PCAPNG_BROADCAST = 3 << 2, PCAPNG_FOR_OTHER = 4 << 2,
};

/**
 * struct pcapng_packet - One packet
 * @ns:		When, since 1970
 * @captured:	How much of it is in @bytes; @length: how much there was
 * @comment:	May be NULL
 */
struct pcapng_packet {
	uint32_t interface;
	uint64_t ns;
	const uint8_t *bytes;
	uint32_t captured, length, flags;
	const char *comment;
};

void pcapng_add_packet(struct pcapng *p, const struct pcapng_packet *k);

/** struct pcapng_statistics - What an interface had, from @begin to @end */
struct pcapng_statistics {
	uint32_t interface;
	uint64_t begin_ns, end_ns, received, dropped;
	const char *comment;
};

void pcapng_add_statistics(struct pcapng *p,
			   const struct pcapng_statistics *s);

#endif
