// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_packet.c - a packet, by as much of it as a trace shows
 *
 * That is its network header, and 20 bytes behind it.
 */
#include <string.h>
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <libmnl/libmnl.h>

#include "postmortem/trace_packet.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/dns.h"

enum { ARP_SIZE = 28, TRANSPORT_MIN = 8 };

static uint32_t read_u32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return ntohl(value);
}

/* The sequence number of what has not left is not known, but its port is */
static bool tcp_is_of(const struct probe *p, const uint8_t *tcp, size_t length)
{
	if (!p->left)
		return (uint16_t)(tcp[0] << 8 | tcp[1]) == p->local_port;
	return length >= 12 && (read_u32(tcp + 4) == p->sequence ||
				read_u32(tcp + 8) == p->sequence + 1);
}

/* NAT may have changed the identifier, and a short packet has no cookie */
static bool is_echo_of(const struct probe *p, const uint8_t *icmp,
		       size_t length)
{
	uint32_t serial;

	return cookie_begins(icmp + 8, length - 8, p->serial) ||
	       (echo_serial(icmp, ICMP_ECHO_SIZE, probe_nonce(), &serial) &&
		serial == p->serial);
}

/* What belongs to the probe, by as much of a packet as a trace shows: 20 bytes
 * behind the IP header.  They hold the beginning of a cookie, and not what an
 * ICMP error is about. */
static bool is_of_probe(const struct probe *p, const uint8_t *ip,
			const struct nlattr *transport)
{
	const uint8_t protocol = ip[0] >> 4 == 4 ? ip[9] : ip[6];
	const uint8_t *bytes = mnl_attr_get_payload(transport);
	size_t length = mnl_attr_get_payload_len(transport);

	if (length < TRANSPORT_MIN)
		return false;
	switch (protocol) {
	case IPPROTO_TCP:
		return tcp_is_of(p, bytes, length);
	case IPPROTO_UDP:
		/* May carry it (VXLAN): its ends tell */
		if (length >= 16 && read_u32(bytes + 8) == 0x08000000)
			return true;
		if (p->said.protocol == LC_DNS)
			return length >= 10 && (uint16_t)(bytes[8] << 8 |
							  bytes[9]) == dns_id(p);
		return cookie_begins(bytes + 8, length - 8, p->serial);
	case IPPROTO_ICMP:
		return (*bytes != ICMP_ECHO && *bytes != ICMP_ECHOREPLY) ||
		       is_echo_of(p, bytes, length);
	case IPPROTO_ICMPV6:
		return (*bytes != ICMP6_ECHO_REQUEST &&
			*bytes != ICMP6_ECHO_REPLY) ||
		       is_echo_of(p, bytes, length);
	}
	return false;
}

/* A question of a neighbour, and the answer: a drop of either is looked for by
 * both of its addresses */
static bool read_arp(const uint8_t *arp, size_t length, struct lc_ends *ends)
{
	if (length < ARP_SIZE || arp[2] != 0x08 || arp[3] != 0x00)
		return false;
	ends->source.family = ends->destination.family = AF_INET;
	memcpy(ends->source.bytes, arp + 14, 4);
	memcpy(ends->destination.bytes, arp + 24, 4);
	return true;
}

static void read_ports(uint8_t protocol, const uint8_t *bytes,
		       struct lc_ends *ends)
{
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return;
	ends->source_port = (uint16_t)(bytes[0] << 8 | bytes[1]);
	ends->destination_port = (uint16_t)(bytes[2] << 8 | bytes[3]);
}

static bool read_ip(const struct probe *p, const uint8_t *ip, size_t length,
		    const struct nlattr *transport, struct lc_ends *ends)
{
	const bool v4 = length && ip[0] >> 4 == 4;
	const size_t size = v4 ? 4 : 16;

	if (!transport || length < (v4 ? 20 : 40) || (!v4 && ip[0] >> 4 != 6) ||
	    !is_of_probe(p, ip, transport))
		return false;
	ends->source.family = v4 ? AF_INET : AF_INET6;
	ends->destination.family = ends->source.family;
	memcpy(ends->source.bytes, ip + (v4 ? 12 : 8), size);
	memcpy(ends->destination.bytes, ip + (v4 ? 16 : 24), size);
	read_ports(v4 ? ip[9] : ip[6], mnl_attr_get_payload(transport),
		   ends);
	return true;
}

bool trace_packet_read(const struct probe *p, const struct nlattr *network,
		       const struct nlattr *transport, struct lc_ends *ret)
{
	const uint8_t *bytes = mnl_attr_get_payload(network);
	const size_t length = mnl_attr_get_payload_len(network);

	return read_ip(p, bytes, length, transport, ret) ||
	       read_arp(bytes, length, ret);
}
