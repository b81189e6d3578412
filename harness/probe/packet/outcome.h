/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.h - from evidence to the word for it; pure
 */
#ifndef PROBE_OUTCOME_H
#define PROBE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/probe.h>

/**
 * outcome_of_icmp() - What an ICMP error about a probe says
 * @family:	AF_INET: types of RFC 792, 1122, 1812; AF_INET6: RFC 4443
 * @own:	Whether an address of the sender's own reported it: its own kernel
 *		then gave up on a neighbour, or its own firewall said no
 */
enum lc_outcome outcome_of_icmp(int family, uint8_t type, uint8_t code,
				bool own);

/**
 * outcome_of_send() - What the sender's own kernel said when asked to send
 * @error:	A positive errno
 *
 * LC_OUTCOME_ERROR for those that say nothing about the network (ENOBUFS,
 * ENOMEM, ...), and for EINVAL, which is a blackhole route only if a look-up
 * says so.
 */
enum lc_outcome outcome_of_send(int error);

#endif
