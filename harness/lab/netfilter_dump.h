/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_dump.h - one of netfilter's tables, read into an array
 */
#ifndef LAB_NETFILTER_DUMP_H
#define LAB_NETFILTER_DUMP_H

#include <stdint.h>

struct dump;
struct lc_err;
struct lc_node;

/**
 * netfilter_dump() - Ask a node for all that it has of a kind
 * @type:	Of the request: NFNL_SUBSYS_* << 8 | ...; of all families
 * @dump:	Empty; with @parse
 * @what:	What is asked for ("connections"), put before the kernel's words
 * @option:	What a kernel that does not know it was made without
 *
 * Return: 0; or -errno with @err, and the array is freed.  -EINTR: it has changed
 * each time while it was read
 */
int netfilter_dump(struct lc_node *node, uint16_t type, struct dump *dump,
		   const char *what, const char *option, struct lc_err *err);

#endif
