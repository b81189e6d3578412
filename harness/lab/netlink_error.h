/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink_error.h - what the kernel says when it refuses a netlink request
 */
#ifndef LAB_NETLINK_ERROR_H
#define LAB_NETLINK_ERROR_H

#include <stdint.h>

struct lc_err;
struct nlmsghdr;

/**
 * netlink_error() - The code of an NLMSG_ERROR, 0 if it acknowledges
 *
 * @err gets the kernel's own text (netlink(7), NETLINK_EXT_ACK), else that of
 * the code.
 */
int netlink_error(const struct nlmsghdr *answer, struct lc_err *err);

/** netlink_error_offset() - Where in the request the attribute is that the
 * kernel stumbled over; 0: it doesn't say */
uint32_t netlink_error_offset(const struct nlmsghdr *answer);

#endif
