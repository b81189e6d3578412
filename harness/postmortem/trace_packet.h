/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_packet.h - a packet, by as much of it as a trace shows
 */
#ifndef POSTMORTEM_TRACE_PACKET_H
#define POSTMORTEM_TRACE_PACKET_H

#include <stdbool.h>

#include "postmortem/sighting.h"

struct nlattr;
struct probe;

/**
 * struct traced - A packet that may be of a probe
 * @kind:	SEEN_QUESTION, SEEN_ANSWER, SEEN_ERROR; SEEN_REQUEST: the probe's
 *		own, whichever way it goes
 * @ends:	As a sighting has them, but of who asks for an IPv6 neighbour, or
 *		answers, nothing tells one byte of whom it is about
 */
struct traced {
	enum sighting_kind kind;
	struct lc_ends ends;
};

/**
 * trace_packet_read() - Whether it may be of a probe, and where it goes
 * @network:	NFTA_TRACE_NETWORK_HEADER
 * @transport:	NFTA_TRACE_TRANSPORT_HEADER, or NULL
 */
bool trace_packet_read(const struct probe *probe, const struct nlattr *network,
		       const struct nlattr *transport, struct traced *ret);

/** traced_is_about() - A question or an answer is about that address */
bool traced_is_about(const struct traced *traced, const struct lc_ip *address);

#endif
