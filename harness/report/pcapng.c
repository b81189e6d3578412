// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcapng.c - packets as a pcapng file, block by block
 *
 * The format is draft-ietf-opsawg-pcapng: blocks with their length before and
 * behind, and in them a fixed part and options.  All is in the byte order of
 * the machine that writes, which the section header shows.  libpcap writes the
 * older format alone, which knows neither names of interfaces nor comments.
 */
#include <stdlib.h>
#include <string.h>

#include "report/pcapng.h"

enum block {
	BLOCK_SECTION		= 0x0a0d0d0a,
	BLOCK_INTERFACE		= 1,
	BLOCK_STATISTICS	= 5,
	BLOCK_PACKET		= 6,
};

/* Those from 2 on mean something else in each kind of block */
enum option {
	OPTION_END		= 0,
	OPTION_COMMENT		= 1,
	SECTION_HARDWARE	= 2,
	SECTION_OS		= 3,
	SECTION_APPLICATION	= 4,
	INTERFACE_NAME		= 2,
	INTERFACE_RESOLUTION	= 9,
	PACKET_FLAGS		= 2,
	STATISTICS_BEGIN	= 2,
	STATISTICS_END		= 3,
	STATISTICS_RECEIVED	= 4,
	STATISTICS_DROPPED	= 5,
};

enum { OPTION_MAX = 60000 };

static void put(struct pcapng *p, const void *bytes, size_t length)
{
	if (!p->failed && p->size - p->length < length) {
		size_t size = 2 * p->size + length + 4096;
		uint8_t *longer = realloc(p->bytes, size);

		if (longer) {
			p->bytes = longer;
			p->size = size;
		}
		p->failed = !longer;
	}
	if (p->failed || !length)
		return;
	memcpy(p->bytes + p->length, bytes, length);
	p->length += length;
}

static void put_u16(struct pcapng *p, uint16_t number)
{
	put(p, &number, sizeof(number));
}

static void put_u32(struct pcapng *p, uint32_t number)
{
	put(p, &number, sizeof(number));
}

/* The upper half comes first, whatever the byte order */
static void put_time(struct pcapng *p, uint64_t ns)
{
	put_u32(p, (uint32_t)(ns >> 32));
	put_u32(p, (uint32_t)ns);
}

static void put_padded(struct pcapng *p, const void *bytes, size_t length)
{
	static const uint8_t zero[4];

	put(p, bytes, length);
	put(p, zero, -length & 3);
}

static void put_option(struct pcapng *p, enum option code, const void *bytes,
		       size_t length)
{
	put_u16(p, (uint16_t)code);
	put_u16(p, (uint16_t)length);
	put_padded(p, bytes, length);
}

static void put_text(struct pcapng *p, enum option code, const char *text)
{
	if (text)
		put_option(p, code, text, strnlen(text, OPTION_MAX));
}

static void put_time_option(struct pcapng *p, enum option code, uint64_t ns)
{
	uint32_t halves[2] = { (uint32_t)(ns >> 32), (uint32_t)ns };

	put_option(p, code, halves, sizeof(halves));
}

/* Its length is told by block_end(); return: where it begins */
static size_t block_begin(struct pcapng *p, enum block kind)
{
	size_t at = p->length;

	put_u32(p, (uint32_t)kind);
	put_u32(p, 0);
	return at;
}

/* A block that is not whole is none */
static void block_end(struct pcapng *p, size_t at)
{
	uint32_t length;

	put_option(p, OPTION_END, NULL, 0);
	length = (uint32_t)(p->length - at + sizeof(length));
	put_u32(p, length);
	if (p->failed)
		p->length = at;
	else
		memcpy(p->bytes + at + sizeof(uint32_t), &length,
		       sizeof(length));
}

void pcapng_add_section(struct pcapng *p, const struct pcapng_section *s)
{
	static const uint64_t unknown_length = UINT64_MAX;
	size_t at = block_begin(p, BLOCK_SECTION);

	put_u32(p, 0x1a2b3c4d);
	put_u16(p, 1);
	put_u16(p, 0);
	put(p, &unknown_length, sizeof(unknown_length));
	put_text(p, OPTION_COMMENT, s->comment);
	put_text(p, SECTION_HARDWARE, s->hardware);
	put_text(p, SECTION_OS, s->os);
	put_text(p, SECTION_APPLICATION, s->application);
	block_end(p, at);
}

void pcapng_add_interface(struct pcapng *p, const char *name,
			  enum pcapng_link link, uint32_t snap)
{
	static const uint8_t nanoseconds = 9;	/* 10^-9 s */
	size_t at = block_begin(p, BLOCK_INTERFACE);

	put_u16(p, (uint16_t)link);
	put_u16(p, 0);
	put_u32(p, snap);
	put_text(p, INTERFACE_NAME, name);
	put_option(p, INTERFACE_RESOLUTION, &nanoseconds, 1);
	block_end(p, at);
}

void pcapng_add_packet(struct pcapng *p, const struct pcapng_packet *k)
{
	size_t at = block_begin(p, BLOCK_PACKET);

	put_u32(p, k->interface);
	put_time(p, k->ns);
	put_u32(p, k->captured);
	put_u32(p, k->length);
	put_padded(p, k->bytes, k->captured);
	put_text(p, OPTION_COMMENT, k->comment);
	put_option(p, PACKET_FLAGS, &k->flags, sizeof(k->flags));
	block_end(p, at);
}

void pcapng_add_statistics(struct pcapng *p,
			   const struct pcapng_statistics *s)
{
	size_t at = block_begin(p, BLOCK_STATISTICS);

	put_u32(p, s->interface);
	put_time(p, s->end_ns);
	put_text(p, OPTION_COMMENT, s->comment);
	put_time_option(p, STATISTICS_BEGIN, s->begin_ns);
	put_time_option(p, STATISTICS_END, s->end_ns);
	put_option(p, STATISTICS_RECEIVED, &s->received, sizeof(s->received));
	put_option(p, STATISTICS_DROPPED, &s->dropped, sizeof(s->dropped));
	block_end(p, at);
}

void pcapng_done(struct pcapng *p)
{
	free(p->bytes);
	*p = (struct pcapng){ 0 };
}
