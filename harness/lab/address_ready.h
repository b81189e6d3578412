/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_ready.h - when IPv6 addresses can be used
 */
#ifndef LAB_ADDRESS_READY_H
#define LAB_ADDRESS_READY_H

#include <stdint.h>

struct lc_err;
struct lc_node;

/**
 * addresses_ready() - Wait until a node takes in what is sent to its addresses
 * @deadline_ns: When to give up, of CLOCK_MONOTONIC
 *
 * Addresses of interfaces without a carrier are not waited for.
 */
int addresses_ready(struct lc_node *node, uint64_t deadline_ns,
		    struct lc_err *err);

/** addresses_settle() - The same after a change, as far as it gets; addresses
 * that are tentative are for checks to find */
void addresses_settle(struct lc_node *node);

#endif
