/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - the bytes of probes, made and read; pure
 */
#ifndef PROBE_PACKET_H
#define PROBE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/value.h>

/**
 * struct cookie - What marks a packet as one of ours
 *
 * The nonce belongs to the run, the serial to the probe: an answer to an
 * earlier probe, or to another labcheck on the same wire, never matches.
 */
struct cookie {
	uint64_t nonce;
	uint32_t serial;
};

enum {
	COOKIE_SIZE	= 16,	/* "lbck", serial, nonce; network byte order */
	ICMP_ECHO_SIZE	= 8,	/* header of an echo message, RFC 792, 4443 */
};

void cookie_write(const struct cookie *cookie, uint8_t bytes[COOKIE_SIZE]);

/** cookie_read() - false: these bytes are no cookie */
bool cookie_read(const uint8_t *bytes, size_t length, struct cookie *ret);

/** cookie_begins() - As far as is seen of it, it is the cookie of that probe */
bool cookie_begins(const uint8_t *bytes, size_t length, uint32_t serial);

/**
 * echo_build() - An echo request (ICMP or ICMPv6)
 * @bytes:	ICMP_ECHO_SIZE + @payload bytes
 * @payload:	A cookie is put in where it fits
 *
 * Identifier and sequence number are made from the serial, so that a payload
 * too short for a cookie is told apart too.  Each has an identifier of its own,
 * as two runs of ping(8) have: else a firewall would take a new ping for one of
 * a flow that it let through before.
 *  The checksum of ICMPv6 is left
 * to the kernel (RFC 3542, 3.1).
 */
void echo_build(int family, const struct cookie *cookie, uint8_t *bytes,
		size_t payload);

/** enum packet_kind - What of a packet matters to a probe */
enum packet_kind {
	PACKET_OTHER, PACKET_ECHO_REQUEST, PACKET_ECHO_REPLY, PACKET_TCP,
	PACKET_UDP, PACKET_ICMP_ERROR,
	PACKET_FRAGMENT,	/* behind the first */
};

/**
 * struct packet - A packet as seen on a wire or a raw socket
 * @source_port, @destination_port: of an echo both are its identifier
 * @serial:	ECHO_*, UDP: of the probe, if @ours
 * @ours:	It bears the run's cookie; for a short echo its identifier
 * @seq:	TCP: sequence number; @ack: acknowledged, if the flag is set
 * @piece:	Fragments, the first among them: @piece.length bytes at
 *		@piece.offset of the packet @piece.id, and whether @more follow
 * @number:	UDP: the first two bytes of what it carries, which a question to a name
 *		server has its number in
 * @about:	ICMP_ERROR: the kind of the packet that caused it, whose are
 *		then @ours, @serial and @seq
 */
struct packet {
	enum packet_kind kind;
	struct lc_ip source, destination;
	uint16_t source_port, destination_port;
	bool ours;
	uint32_t serial;
	uint16_t number;
	uint32_t seq, ack;
	bool syn, has_ack, reset;
	enum packet_kind about;
	struct {
		uint32_t id;
		size_t offset, length;
		bool more;
	} piece;
};

/**
 * packet_read() - Read an IP packet
 * @bytes:	From the IP header on
 * @nonce:	Of this run
 *
 * Return: false if it is no packet that can be read
 */
bool packet_read(const uint8_t *bytes, size_t length, uint64_t nonce,
		 struct packet *ret);

/** echo_read() - The same for an ICMPv6 message, which comes without header */
bool echo_read(int family, const uint8_t *bytes, size_t length, uint64_t nonce,
	       struct packet *ret);

/** echo_identifier() - The identifier that a probe is sent with */
uint16_t echo_identifier(uint64_t nonce, uint32_t serial);

/** echo_serial() - The serial that an identifier and sequence number carry */
bool echo_serial(const uint8_t *icmp, size_t length, uint64_t nonce,
		 uint32_t *ret_serial);

#endif
