// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dump.c - one of the kernel's tables, read into an array
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include <labcheck/err.h>
#include <labcheck/lab.h>

#include "dump.h"
#include "message.h"
#include "rtnl.h"

void *dump_item(struct dump *dump)
{
	void *item;

	if (dump->count == dump->capacity) {
		size_t more = dump->capacity ? dump->capacity * 2 : 8;
		void *items = reallocarray(dump->items, more, dump->size);

		if (!items)
			return NULL;
		dump->items = items;
		dump->capacity = more;
	}
	item = (char *)dump->items + dump->count++ * dump->size;
	return memset(item, 0, dump->size);
}

/* A dump, and how much was there before it */
struct dump_run {
	struct dump *dump;
	size_t before;
};

static int dump_each(const struct nlmsghdr *answer, void *arg)
{
	struct dump_run *run = arg;

	return run->dump->parse(answer, run->dump);
}

static void dump_again(void *arg)
{
	struct dump_run *run = arg;

	run->dump->count = run->before;
}

int dump_run(struct dump *dump, struct lc_node *node, const char *what,
	     const struct rtnl_msg *m, struct lc_err *err)
{
	struct dump_run run = { .dump = dump, .before = dump->count };
	int r;

	r = node_rtnl(node, &dump->rtnl, err);
	if (r)
		return r;
	r = rtnl_request(dump->rtnl, m, dump_each, dump_again, &run, err);
	if (r == -ENOMEM)
		lc_err_set(err, r, "out of memory");
	if (!r)
		return 0;
	free(dump->items);
	dump->items = NULL;
	dump->count = dump->capacity = 0;
	return lc_err_prefix(err, r, "%s of %s", what, lc_node_name(node));
}

struct lc_ip attribute_ip(const struct nlattr *attr)
{
	struct lc_ip ip = { 0 };
	size_t size = mnl_attr_get_payload_len(attr);

	if (size == sizeof(ip.v4))
		ip.family = AF_INET;
	else if (size == sizeof(ip.v6))
		ip.family = AF_INET6;
	else
		return ip;
	memcpy(ip.bytes, mnl_attr_get_payload(attr), size);
	return ip;
}
