// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet_store.c - packets of several nodes, until they can be put in order
 *
 * They are ordered by their time.  What has the same time in one namespace, as
 * a bridge's port and the bridge, is left as it was read.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>

#include "probe/capture/packet_store.h"
#include "probe/capture/ring.h"
#include "report/pcapng.h"

enum { TAG_SIZE = 4 };

/** struct record - One packet; @at: where its bytes are, @serial: in the order of
 * reading */
struct record {
	uint64_t ns;
	size_t at, serial, part;
	uint32_t interface, captured, length, flags;
};

static uint32_t flags_of(const struct ring_packet *p)
{
	switch (p->type) {
	case PACKET_OUTGOING:
		return PCAPNG_OUT;
	case PACKET_BROADCAST:
		return PCAPNG_IN | PCAPNG_BROADCAST;
	case PACKET_MULTICAST:
		return PCAPNG_IN | PCAPNG_MULTICAST;
	case PACKET_OTHERHOST:
		return PCAPNG_IN | PCAPNG_FOR_OTHER;
	}
	return PCAPNG_IN | PCAPNG_UNICAST;
}

static bool make_room(struct packet_store *s, size_t bytes)
{
	if (s->count == s->size) {
		size_t size = 2 * s->size + 256;
		struct record *longer = reallocarray(s->records, size,
						     sizeof(*longer));

		if (!longer)
			return false;
		s->records = longer;
		s->size = size;
	}
	if (s->kept_size - s->kept_length < bytes) {
		size_t size = 2 * s->kept_size + bytes + 65536;
		uint8_t *longer = realloc(s->kept, size);

		if (!longer)
			return false;
		s->kept = longer;
		s->kept_size = size;
	}
	return true;
}

static void keep_bytes(struct packet_store *s, const void *bytes, size_t length)
{
	memcpy(s->kept + s->kept_length, bytes, length);
	s->kept_length += length;
}

/* The kernel takes a VLAN's tag out of the frame */
static uint32_t keep_packet(struct packet_store *s, const struct ring_packet *p)
{
	const uint32_t macs = 2 * ETH_ALEN;

	if (!p->tagged || p->captured < macs) {
		keep_bytes(s, p->bytes, p->captured);
		return 0;
	}
	keep_bytes(s, p->bytes, macs);
	keep_bytes(s, p->tag, TAG_SIZE);
	keep_bytes(s, p->bytes + macs, p->captured - macs);
	return TAG_SIZE;
}

int store_add(struct packet_store *s, const struct ring_packet *p,
	      uint32_t interface, size_t part)
{
	size_t at = s->kept_length;
	uint32_t more;

	if (!make_room(s, p->captured + TAG_SIZE))
		return -ENOMEM;
	more = keep_packet(s, p);
	s->records[s->count++] = (struct record){
		.ns = p->ns, .at = at, .serial = s->serial++, .part = part,
		.interface = interface, .captured = p->captured + more,
		.length = p->length + more, .flags = flags_of(p),
	};
	return 0;
}

static int earlier(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->serial < y->serial ? -1 : 1;
}

static void add_packet(const struct packet_store *s, const struct record *k,
		       const char *comment, struct pcapng *out)
{
	pcapng_add_packet(out, &(struct pcapng_packet){
		.interface = k->interface,
		.ns = k->ns,
		.bytes = s->kept + k->at,
		.captured = k->captured,
		.length = k->length,
		.flags = k->flags,
		.comment = comment,
	});
}

/* Bytes of those that are left stay where they are, unless none is */
void store_take(struct packet_store *s, uint64_t ns, char *const *parts,
		struct pcapng *out)
{
	size_t n = 0;

	if (!s->count)
		return;
	qsort(s->records, s->count, sizeof(*s->records), earlier);
	while (n < s->count && s->records[n].ns <= ns) {
		const struct record *k = &s->records[n++];

		add_packet(s, k, parts[k->part], out);
	}
	s->count -= n;
	memmove(s->records, s->records + n, s->count * sizeof(*s->records));
	if (!s->count)
		s->kept_length = 0;
}

void store_done(struct packet_store *s)
{
	free(s->records);
	free(s->kept);
	*s = (struct packet_store){ 0 };
}
