/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.h - a packet in a few words, for whoever reads a verdict; pure
 */
#ifndef PROBE_SUMMARY_H
#define PROBE_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

enum { SUMMARY_SIZE = 160 };

/**
 * packet_summary() - "192.168.1.3 > 192.168.1.2 echo request"
 * @bytes:	A frame from its Ethernet header on (@protocol 0), or a packet of
 *		that Ethernet protocol
 *
 * Return: @text
 */
const char *packet_summary(const uint8_t *bytes, size_t length,
			   uint16_t protocol, char text[SUMMARY_SIZE]);

#endif
