/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mark.h - frames that labcheck sends for purposes of its own
 */
#ifndef PROBE_MARK_H
#define PROBE_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_ip;
struct lc_node;

enum {
	MARK_PROTOCOL	= 0x88b5,
	MARK_OF_CAPTURE	= 0,	/* serial; those of a control count from 1 */
};

/**
 * mark_send() - Send a mark out of an interface
 *
 * An error shows in that it never comes.
 */
void mark_send(struct lc_node *node, uint32_t ifindex, uint32_t serial);

/** inquiry_send() - Ask who has an address (inquiry.c), out of an interface
 * whose MAC address is @mac */
void inquiry_send(struct lc_node *node, uint32_t ifindex,
		   const uint8_t mac[6], const struct lc_ip *ip);

/** frame_is_ours() - Whether a frame is a mark, a question or what was said to
 * one: then it is not of the lab */
bool frame_is_ours(const uint8_t *frame, size_t length);

/** mark_read() - Read a frame, from its Ethernet header on; false: it is none of
 * this run's marks */
bool mark_read(const uint8_t *frame, size_t length, uint32_t *ret_serial);

/** mark_read_payload() - The same of what follows that header */
bool mark_read_payload(const uint8_t *bytes, size_t length,
		       uint32_t *ret_serial);

#endif
