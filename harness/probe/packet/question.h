/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * question.h - whose neighbour a packet asks for; pure
 */
#ifndef PROBE_QUESTION_H
#define PROBE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_ip;

/**
 * question_read() - Read an ARP request or a neighbour solicitation
 * @protocol:	ETH_P_ARP or ETH_P_IPV6
 * @bytes:	What stands behind the header of the frame
 * @ret_ip:	The address that is asked for
 *
 * Return: false if it is neither
 */
bool question_read(uint16_t protocol, const uint8_t *bytes, size_t length,
		   struct lc_ip *ret_ip);

#endif
