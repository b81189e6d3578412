/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listeners.h - who listens on which port
 */
#ifndef LAB_LISTENERS_H
#define LAB_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

struct lc_err;
struct lc_ip;

/**
 * listeners_has() - Whether a port is listened on
 * @fd:		NETLINK_SOCK_DIAG socket that was opened inside the node
 * @protocol:	IPPROTO_TCP or IPPROTO_UDP
 * @at:		By one that hears what is for this address; NULL: for any
 *
 * The kernel is asked; no packet is sent.
 */
int listeners_has(int fd, int protocol, const struct lc_ip *at, uint16_t port,
		  bool *ret_has, struct lc_err *err);

/** listeners_full() - Whether a TCP server has a queue of connections that it
 * does not accept, and no room for another one: the kernel then drops SYNs */
int listeners_full(int fd, uint16_t port, bool *ret_full, struct lc_err *err);

#endif
