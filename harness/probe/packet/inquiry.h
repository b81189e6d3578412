/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inquiry.h - asking who has an address, without leaving a trace; pure
 */
#ifndef PROBE_INQUIRY_H
#define PROBE_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cookie;
struct lc_ip;

enum { INQUIRY_MAX = 128 };

/**
 * inquiry_build() - A frame that asks for an address
 * @mac:	Of the interface that it leaves by
 *
 * Return: its length
 */
size_t inquiry_build(const uint8_t mac[6], const struct lc_ip *ip,
		      const struct cookie *cookie,
		      uint8_t frame[INQUIRY_MAX]);

/** inquiry_is_ours() - Whether a frame is such a question of this run */
bool inquiry_is_ours(const uint8_t *frame, size_t length, uint64_t nonce);

/**
 * answer_read() - Read ARP or neighbour discovery
 * @protocol:	ETH_P_*
 * @bytes:	Behind the Ethernet header
 * @ret_by:	Who says where he is
 * @ret_open:	It is said to whoever asked without an address, as a question of
 *		ours does
 *
 * Return: false if it is no answer
 */
bool answer_read(uint16_t protocol, const uint8_t *bytes, size_t length,
		 struct lc_ip *ret_by, bool *ret_open);

#endif
