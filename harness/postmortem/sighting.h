/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sighting.h - where a probe was seen, and what of it
 */
#ifndef POSTMORTEM_SIGHTING_H
#define POSTMORTEM_SIGHTING_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/if_packet.h>

#include <labcheck/value.h>

#include "probe/packet/summary.h"

struct lc_node;
struct probe;

/**
 * enum sighting_kind - Which of the packets that make up a probe
 * @SEEN_REQUEST: What was sent; @SEEN_REPLY: what its target said to it
 * @SEEN_ERROR:	An ICMP error about it
 * @SEEN_QUESTION, @SEEN_ANSWER: ARP or neighbour discovery, before it
 */
enum sighting_kind {
	SEEN_REQUEST, SEEN_REPLY, SEEN_ERROR, SEEN_QUESTION, SEEN_ANSWER,
};

/**
 * struct sighting - One packet on one interface
 * @out:	It leaves there; else it comes in
 * @for_other:	It came in for another's MAC address
 * @ends:	Of an IP packet; of ARP who asks (source) whom (destination), or
 *		who answers
 * @own:	The same; of what a VXLAN carries, that of the inner packet, while
 *		@ends and all below are of the outer one
 * @carried:	It is, and @vni is the network's number
 * @ttl:	Time to live, or hop limit
 * @size:	From the IP header on
 * @df:		It may not be fragmented
 * @summary:	In a few words
 * @rounds:	How often it came by again, with less time to live
 */
struct sighting {
	uint64_t ns;			/* about when */
	struct lc_node *node;
	uint32_t ifindex;
	char interface[IFNAMSIZ];
	bool out, for_other;
	enum sighting_kind kind;
	struct lc_ends ends, own;
	bool carried;
	uint32_t vni;
	uint8_t ttl;
	uint32_t size;
	bool df;
	uint8_t destination_mac[6], source_mac[6];
	bool has_macs;
	char summary[SUMMARY_SIZE];
	unsigned int rounds;
};

/**
 * struct sightings - Of one probe, in the order of time
 * @lost:	Some may be missing: more passed than could be read
 */
struct sightings {
	struct sighting *items;
	size_t count;
	bool lost;
};

/** struct arrival - A packet as it comes out of a tap */
struct arrival {
	uint64_t ns;
	struct sockaddr_ll from;
	uint8_t bytes[256];
	size_t length, size;		/* what is read of it, its own */
};

/** sighting_read() - What it is of a probe; false: nothing */
bool sighting_read(const struct probe *probe, const struct arrival *arrival,
		   struct sighting *ret_sighting);

/** sightings_tell_answers() - Which are answers, of those that look like what they
 * answer.  They must be in order */
void sightings_tell_answers(struct sightings *sightings,
			    const struct probe *probe);

void sightings_done(struct sightings *sightings);

/** sightings_last() - The last one of a kind; NULL: there is none */
const struct sighting *sightings_last(const struct sightings *sightings,
				      enum sighting_kind kind);
const struct sighting *sightings_first(const struct sightings *sightings,
				       enum sighting_kind kind);

/** sightings_at() - One of a kind at a node's interface, or NULL.  ifindex 0:
 * at any; @out: -1 either */
const struct sighting *sightings_at(const struct sightings *sightings,
				    enum sighting_kind kind,
				    const struct lc_node *node,
				    uint32_t ifindex, int out);

#endif
