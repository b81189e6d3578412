// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet.c - the bytes of probes, made and read
 *
 * Whatever comes off a wire may be cut short or lie about its lengths: every
 * read is preceded by a look at what is left.
 */
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "probe/packet/packet.h"

static const uint8_t cookie_magic[4] = { 'l', 'b', 'c', 'k' };

static void put_u16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put_u32(uint8_t *p, uint32_t v)
{
	put_u16(p, (uint16_t)(v >> 16));
	put_u16(p + 2, (uint16_t)v);
}

static uint16_t get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)get_u16(p) << 16 | get_u16(p + 2);
}

void cookie_write(const struct cookie *cookie, uint8_t bytes[COOKIE_SIZE])
{
	memcpy(bytes, cookie_magic, 4);
	put_u32(bytes + 4, cookie->serial);
	memcpy(bytes + 8, &cookie->nonce, 8);
}

bool cookie_read(const uint8_t *bytes, size_t length, struct cookie *ret)
{
	if (length < COOKIE_SIZE || memcmp(bytes, cookie_magic, 4))
		return false;
	ret->serial = get_u32(bytes + 4);
	memcpy(&ret->nonce, bytes + 8, 8);
	return true;
}

bool cookie_begins(const uint8_t *bytes, size_t length, uint32_t serial)
{
	return length >= 8 && !memcmp(bytes, cookie_magic, 4) &&
	       get_u32(bytes + 4) == serial;
}

/* The Internet checksum, RFC 1071 */
static uint16_t checksum(const uint8_t *p, size_t length)
{
	uint32_t sum = 0;

	for (; length > 1; p += 2, length -= 2)
		sum += get_u16(p);
	if (length)
		sum += (uint32_t)*p << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Identifiers differ from run to run, and from probe to probe */
uint16_t echo_identifier(uint64_t nonce, uint32_t serial)
{
	return (uint16_t)((uint16_t)nonce + serial);
}

/* The sequence is the serial's high part behind a mark of the run */
static uint16_t echo_sequence(uint64_t nonce, uint32_t serial)
{
	uint8_t mark = 0;

	for (; nonce; nonce >>= 8)
		mark ^= (uint8_t)nonce;
	return (uint16_t)(mark << 8 | serial >> 16);
}

void echo_build(int family, const struct cookie *cookie, uint8_t *bytes,
		size_t payload)
{
	size_t length = ICMP_ECHO_SIZE + payload;

	memset(bytes, 0, ICMP_ECHO_SIZE);
	bytes[0] = family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	put_u16(bytes + 4, echo_identifier(cookie->nonce, cookie->serial));
	put_u16(bytes + 6, echo_sequence(cookie->nonce, cookie->serial));
	for (size_t i = 0; i < payload; i++)
		bytes[ICMP_ECHO_SIZE + i] = (uint8_t)i;
	if (payload >= COOKIE_SIZE)
		cookie_write(cookie, bytes + ICMP_ECHO_SIZE);
	if (family == AF_INET)
		put_u16(bytes + 2, checksum(bytes, length));
}

bool echo_serial(const uint8_t *icmp, size_t length, uint64_t nonce,
		 uint32_t *ret_serial)
{
	struct cookie cookie;
	uint16_t high, low;

	if (length < ICMP_ECHO_SIZE)
		return false;
	/* With a cookie, NAT may have rewritten the identifier (RFC 5508) */
	if (cookie_read(icmp + ICMP_ECHO_SIZE, length - ICMP_ECHO_SIZE,
			&cookie)) {
		*ret_serial = cookie.serial;
		return cookie.nonce == nonce;
	}
	low = (uint16_t)(get_u16(icmp + 4) - (uint16_t)nonce);
	high = get_u16(icmp + 6) ^ echo_sequence(nonce, 0);
	if (high > 0xff)
		return false;
	*ret_serial = (uint32_t)high << 16 | low;
	return true;
}

bool echo_read(int family, const uint8_t *bytes, size_t length, uint64_t nonce,
	       struct packet *ret)
{
	bool v4 = family == AF_INET;

	if (length < ICMP_ECHO_SIZE)
		return false;
	if (bytes[0] == (v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST))
		ret->kind = PACKET_ECHO_REQUEST;
	else if (bytes[0] == (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY))
		ret->kind = PACKET_ECHO_REPLY;
	else if (v4 ? bytes[0] == ICMP_DEST_UNREACH ||
			      bytes[0] == ICMP_TIME_EXCEEDED :
		      bytes[0] < ICMP6_ECHO_REQUEST)
		ret->kind = PACKET_ICMP_ERROR;
	else
		return true;
	if (ret->kind == PACKET_ICMP_ERROR)
		return true;
	ret->ours = echo_serial(bytes, length, nonce, &ret->serial);
	ret->source_port = ret->destination_port = get_u16(bytes + 4);
	return true;
}

static void tcp_read(const uint8_t *p, size_t length, struct packet *ret)
{
	/* An ICMP error may quote no more than this */
	if (length < 8)
		return;
	ret->kind = PACKET_TCP;
	ret->source_port = get_u16(p);
	ret->destination_port = get_u16(p + 2);
	ret->seq = get_u32(p + 4);
	if (length < 20)
		return;
	ret->ack = get_u32(p + 8);
	ret->syn = p[13] & 0x02;
	ret->reset = p[13] & 0x04;
	ret->has_ack = p[13] & 0x10;
}

static void udp_read(const uint8_t *p, size_t length, uint64_t nonce,
		     struct packet *ret)
{
	struct cookie cookie;

	if (length < 8)
		return;
	ret->kind = PACKET_UDP;
	ret->source_port = get_u16(p);
	ret->destination_port = get_u16(p + 2);
	if (length >= 10)
		ret->number = get_u16(p + 8);
	if (!cookie_read(p + 8, length - 8, &cookie))
		return;
	ret->serial = cookie.serial;
	ret->ours = cookie.nonce == nonce;
}

/* The packet that an ICMP error is about, which follows its header */
static void cause_read(const uint8_t *icmp, size_t length, uint64_t nonce,
		       struct packet *ret)
{
	struct packet cause;

	if (length < ICMP_ECHO_SIZE ||
	    !packet_read(icmp + ICMP_ECHO_SIZE, length - ICMP_ECHO_SIZE, nonce,
			 &cause) ||
	    cause.kind == PACKET_ICMP_ERROR)
		return;
	ret->about = cause.kind;
	ret->ours = cause.ours;
	ret->serial = cause.serial;
	ret->seq = cause.seq;
}

static bool transport_read(int family, uint8_t protocol, const uint8_t *p,
			   size_t length, uint64_t nonce, struct packet *ret)
{
	switch (protocol) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (!echo_read(family, p, length, nonce, ret))
			return false;
		if (ret->kind == PACKET_ICMP_ERROR)
			cause_read(p, length, nonce, ret);
		return true;
	case IPPROTO_TCP:
		tcp_read(p, length, ret);
		return true;
	case IPPROTO_UDP:
		udp_read(p, length, nonce, ret);
		return true;
	}
	return true;
}

/* Offsets are told in units of eight bytes */
static void piece_read(uint32_t id, size_t eighths, bool more, size_t length,
		       struct packet *ret)
{
	ret->piece.id = id;
	ret->piece.offset = eighths * 8;
	ret->piece.length = length;
	ret->piece.more = more;
	if (eighths)
		ret->kind = PACKET_FRAGMENT;
}

bool packet_read(const uint8_t *bytes, size_t length, uint64_t nonce,
		 struct packet *ret)
{
	size_t header;

	memset(ret, 0, sizeof(*ret));
	if (length >= 20 && bytes[0] >> 4 == 4) {
		header = (size_t)(bytes[0] & 15) * 4;
		if (header < 20 || header > length)
			return false;
		ret->source.family = ret->destination.family = AF_INET;
		memcpy(&ret->source.v4, bytes + 12, 4);
		memcpy(&ret->destination.v4, bytes + 16, 4);
		piece_read(get_u16(bytes + 4), get_u16(bytes + 6) & IP_OFFMASK,
			   get_u16(bytes + 6) & IP_MF,
			   get_u16(bytes + 2) - header, ret);
		if (ret->kind == PACKET_FRAGMENT)
			return true;
		return transport_read(AF_INET, bytes[9], bytes + header,
				      length - header, nonce, ret);
	}
	if (length >= 40 && bytes[0] >> 4 == 6) {
		ret->source.family = ret->destination.family = AF_INET6;
		memcpy(&ret->source.v6, bytes + 8, 16);
		memcpy(&ret->destination.v6, bytes + 24, 16);
		header = 40;
		/* The first fragment still shows what it carries */
		if (bytes[6] == IPPROTO_FRAGMENT && length >= 48) {
			piece_read(get_u32(bytes + 44),
				   get_u16(bytes + 42) >> 3,
				   get_u16(bytes + 42) & 1,
				   get_u16(bytes + 4) - 8u, ret);
			if (ret->kind == PACKET_FRAGMENT)
				return true;
			return transport_read(AF_INET6, bytes[40], bytes + 48,
					      length - 48, nonce, ret);
		}
		return transport_read(AF_INET6, bytes[6], bytes + header,
				      length - header, nonce, ret);
	}
	return false;
}
