/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - one rtnetlink message, made by pure functions
 *
 * What does not fit is noted in the message and the builder carries on; the
 * sender asks once.  So builders are straight-line code.
 */
#ifndef LAB_MESSAGE_H
#define LAB_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include <labcheck/value.h>

enum { RTNL_MSG_SIZE = 2048 };

struct rtnl_msg {
	bool overflow;
	union {
		struct nlmsghdr header;
		char bytes[RTNL_MSG_SIZE];
	};
};

/**
 * rtnl_msg_init() - Begin a message
 * @type:	RTM_...
 * @flags:	NLM_F_...; NLM_F_REQUEST is added
 * @size:	Of the family's own header (struct ifinfomsg, ...)
 *
 * Return: that header, zeroed
 */
void *rtnl_msg_init(struct rtnl_msg *m, uint16_t type, uint16_t flags,
		    size_t size);

/** rtnl_msg_revoke() - Of a RTM_NEW...: delete what it would make */
void rtnl_msg_revoke(struct rtnl_msg *m);

/** rtnl_put_header() - Room for a further header inside an attribute */
void *rtnl_put_header(struct rtnl_msg *m, size_t size);

void rtnl_put(struct rtnl_msg *m, uint16_t type, const void *data, size_t size);
void rtnl_put_u8(struct rtnl_msg *m, uint16_t type, uint8_t value);
void rtnl_put_u16(struct rtnl_msg *m, uint16_t type, uint16_t value);
void rtnl_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t value);
void rtnl_put_u64(struct rtnl_msg *m, uint16_t type, uint64_t value);
void rtnl_put_str(struct rtnl_msg *m, uint16_t type, const char *text);

/** rtnl_put_ip() - The bytes of an address: 4 or 16; none without a family */
void rtnl_put_ip(struct rtnl_msg *m, uint16_t type, const struct lc_ip *ip);

/** rtnl_nest() - Open an attribute that holds others; NULL on overflow */
struct nlattr *rtnl_nest(struct rtnl_msg *m, uint16_t type);
void rtnl_nest_end(struct rtnl_msg *m, struct nlattr *nest);

#endif
