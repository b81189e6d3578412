/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - pcap filter expressions, see pcap-filter(7)
 */
#ifndef SCENARIO_FILTER_H
#define SCENARIO_FILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/filter.h>

struct lc_err;

/**
 * enum filter_link - What packets of an interface begin with
 *
 * TAGGED: an Ethernet header, and the tag of a VLAN may be kept apart from it
 */
enum filter_link { FILTER_ETHERNET, FILTER_TAGGED, FILTER_IP };

/**
 * filter_compile() - Make the kernel's program of an expression
 * @text:	The expression; NULL: all packets
 * @mark:	An Ethernet protocol that passes in any case; 0: none.  Not with
 *		FILTER_IP
 * @ret_program: Freed by filter_done()
 *
 * Pure, but for FILTER_TAGGED, which opens lo, and needs it to be up: names of hosts and networks, which the library would look up, are
 * refused.  Return: 0; -EINVAL with @err when the expression is none, or no
 * packet can match it; -EOPNOTSUPP with @err without libpcap
 */
int filter_compile(const char *text, enum filter_link link, uint16_t mark,
		   struct sock_fprog *ret_program, struct lc_err *err);

/** filter_is_tagged() - Whether an expression speaks of VLANs */
bool filter_is_tagged(const char *text);

void filter_done(struct sock_fprog *program);

#endif
