/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_packet.h - a packet, by as much of it as a trace shows
 */
#ifndef POSTMORTEM_TRACE_PACKET_H
#define POSTMORTEM_TRACE_PACKET_H

#include <stdbool.h>

struct lc_ends;
struct nlattr;
struct probe;

/**
 * trace_packet_read() - Whether it may be of a probe, and where it goes
 * @network:	NFTA_TRACE_NETWORK_HEADER
 * @transport:	NFTA_TRACE_TRANSPORT_HEADER, or NULL
 */
bool trace_packet_read(const struct probe *probe, const struct nlattr *network,
		       const struct nlattr *transport, struct lc_ends *ret_ends);

#endif
