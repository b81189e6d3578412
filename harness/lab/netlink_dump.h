/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink_dump.h - a table of any netlink family, read into an array
 */
#ifndef LAB_NETLINK_DUMP_H
#define LAB_NETLINK_DUMP_H

struct dump;
struct lc_node;
struct nlmsghdr;

/**
 * netlink_dump() - Ask a node for all that a request is about
 * @protocol:	NETLINK_...
 * @request:	With NLM_F_DUMP
 * @dump:	Empty; with @parse.  Its items are the caller's, come what may
 *
 * Return: 0 or -errno.  -EINTR: it has changed each time while it was read.
 */
int netlink_dump(struct lc_node *node, int protocol,
		 const struct nlmsghdr *request, struct dump *dump);

#endif
