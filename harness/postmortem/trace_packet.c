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

enum { ARP_SIZE = 28, TRANSPORT_MIN = 8, ND_SEEN = 12 };

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

/* What it quotes begins behind its own header: of that there are 12 bytes */
static bool is_error_about(const struct probe *p, const uint8_t *icmp,
			   size_t length)
{
	static const uint8_t protocols[][LC_PROTOCOLS] = {
		{ [LC_ICMP] = IPPROTO_ICMP, [LC_TCP] = IPPROTO_TCP,
		  [LC_UDP] = IPPROTO_UDP, [LC_DNS] = IPPROTO_UDP },
		{ [LC_ICMP] = IPPROTO_ICMPV6, [LC_TCP] = IPPROTO_TCP,
		  [LC_UDP] = IPPROTO_UDP, [LC_DNS] = IPPROTO_UDP },
	};
	const uint8_t *quoted = icmp + ICMP_ECHO_SIZE;
	const bool v4 = length > ICMP_ECHO_SIZE + 9 && quoted[0] >> 4 == 4;

	return length > ICMP_ECHO_SIZE + 9 &&
	       quoted[v4 ? 9 : 6] == protocols[!v4][p->said.protocol];
}

static bool icmp_read(const struct probe *p, const uint8_t *icmp,
		      size_t length, struct traced *t)
{
	if (*icmp == ICMP_ECHO || *icmp == ICMP_ECHOREPLY)
		return is_echo_of(p, icmp, length);
	t->kind = SEEN_ERROR;
	return (*icmp == ICMP_DEST_UNREACH || *icmp == ICMP_TIME_EXCEEDED) &&
	       is_error_about(p, icmp, length);
}

/*
 * Whom a neighbour is asked for, or who it is that answers, stands behind eight
 * bytes, so 12 bytes of it are seen.  A question goes to an address that is made of
 * the last three (RFC 4291, 2.7.1), an answer comes from the address itself.
 */
static void nd_read(const uint8_t *ip, const uint8_t *icmp, size_t length,
		    struct traced *t)
{
	const bool asks = *icmp == ND_NEIGHBOR_SOLICIT;
	struct lc_ip *about = asks ? &t->ends.destination : &t->ends.source;

	t->kind = asks ? SEEN_QUESTION : SEEN_ANSWER;
	if (length >= ICMP_ECHO_SIZE + ND_SEEN)
		memcpy(about->bytes, icmp + ICMP_ECHO_SIZE, ND_SEEN);
	about->bytes[ND_SEEN] = 0;
	memcpy(about->bytes + ND_SEEN + 1,
	       ip + (asks ? 24 : 8) + ND_SEEN + 1, 3);
}

static bool icmp6_read(const struct probe *p, const uint8_t *ip,
		       const uint8_t *icmp, size_t length, struct traced *t)
{
	switch (*icmp) {
	case ICMP6_ECHO_REQUEST:
	case ICMP6_ECHO_REPLY:
		return is_echo_of(p, icmp, length);
	case ND_NEIGHBOR_SOLICIT:
	case ND_NEIGHBOR_ADVERT:
		nd_read(ip, icmp, length, t);
		return true;
	}
	t->kind = SEEN_ERROR;
	return !(*icmp & ICMP6_INFOMSG_MASK) && is_error_about(p, icmp, length);
}

static bool udp_is_of(const struct probe *p, const uint8_t *udp, size_t length)
{
	/* May carry it (VXLAN): its ends tell */
	if (length >= 16 && read_u32(udp + 8) == 0x08000000)
		return true;
	if (p->said.protocol == LC_DNS)
		return length >= 10 &&
		       (uint16_t)(udp[8] << 8 | udp[9]) == p->question_id;
	return cookie_begins(udp + 8, length - 8, p->serial);
}

/* What belongs to the probe, by as much of a packet as a trace shows: 20 bytes
 * behind the IP header.  They hold the beginning of a cookie. */
static bool transport_read(const struct probe *p, const uint8_t *ip,
			   const struct nlattr *transport, struct traced *t)
{
	const uint8_t protocol = ip[0] >> 4 == 4 ? ip[9] : ip[6];
	const uint8_t *bytes = mnl_attr_get_payload(transport);
	size_t length = mnl_attr_get_payload_len(transport);

	t->kind = SEEN_REQUEST;
	if (length < TRANSPORT_MIN)
		return false;
	switch (protocol) {
	case IPPROTO_TCP:
		return tcp_is_of(p, bytes, length);
	case IPPROTO_UDP:
		return udp_is_of(p, bytes, length);
	case IPPROTO_ICMP:
		return icmp_read(p, bytes, length, t);
	case IPPROTO_ICMPV6:
		return icmp6_read(p, ip, bytes, length, t);
	}
	return false;
}

static bool read_arp(const uint8_t *arp, size_t length, struct traced *t)
{
	if (length < ARP_SIZE || arp[2] != 0x08 || arp[3] != 0x00)
		return false;
	t->kind = arp[7] == 1 ? SEEN_QUESTION : SEEN_ANSWER;
	t->ends = (struct lc_ends){ .source.family = AF_INET,
				    .destination.family = AF_INET };
	memcpy(t->ends.source.bytes, arp + 14, 4);
	memcpy(t->ends.destination.bytes, arp + 24, 4);
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
		    const struct nlattr *transport, struct traced *t)
{
	const bool v4 = length && ip[0] >> 4 == 4;
	const size_t size = v4 ? 4 : 16;
	struct lc_ends *ends = &t->ends;

	if (!transport || length < (v4 ? 20 : 40) || (!v4 && ip[0] >> 4 != 6))
		return false;
	ends->source.family = v4 ? AF_INET : AF_INET6;
	ends->destination.family = ends->source.family;
	memcpy(ends->source.bytes, ip + (v4 ? 12 : 8), size);
	memcpy(ends->destination.bytes, ip + (v4 ? 16 : 24), size);
	read_ports(v4 ? ip[9] : ip[6], mnl_attr_get_payload(transport),
		   ends);
	return transport_read(p, ip, transport, t);
}

bool trace_packet_read(const struct probe *p, const struct nlattr *network,
		       const struct nlattr *transport, struct traced *ret)
{
	const uint8_t *bytes = mnl_attr_get_payload(network);
	const size_t length = mnl_attr_get_payload_len(network);

	*ret = (struct traced){ 0 };
	return read_ip(p, bytes, length, transport, ret) ||
	       read_arp(bytes, length, ret);
}

bool traced_is_about(const struct traced *t, const struct lc_ip *address)
{
	struct lc_ip whole = *address;

	if (whole.family == AF_INET6)
		whole.bytes[ND_SEEN] = 0;
	return lc_ip_equal(t->kind == SEEN_QUESTION ? &t->ends.destination :
						      &t->ends.source, &whole);
}
