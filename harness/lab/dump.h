/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.h - one of the kernel's tables, read into an array
 */
#ifndef LAB_DUMP_H
#define LAB_DUMP_H

#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include <labcheck/value.h>

struct lc_err;
struct lc_node;
struct rtnl;
struct rtnl_msg;

/**
 * struct dump - An array that grows while the kernel answers
 * @size:	Of one item
 * @parse:	Reads one answer, and takes an item for each entry in it
 */
struct dump {
	struct rtnl *rtnl;
	size_t size;
	int (*parse)(const struct nlmsghdr *answer, struct dump *dump);
	void *items;
	size_t count, capacity;
};

/** dump_item() - A further item, zeroed; NULL: out of memory */
void *dump_item(struct dump *dump);

/**
 * dump_run() - Ask a node, and hand the array out
 * @what:	What is asked for ("neighbours"), put before the kernel's words
 *
 * May be called again to append: the items of the first are kept.  On failure
 * the array is freed.
 */
int dump_run(struct dump *dump, struct lc_node *node, const char *what,
	     const struct rtnl_msg *m, struct lc_err *err);

/** attribute_ip() - The address in an attribute; none if its size is odd */
struct lc_ip attribute_ip(const struct nlattr *attr);

#endif
