// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netlink_dump.c - a table of any netlink family, read into an array
 *
 * The kernel tells when a table has changed while it was read: then it is read
 * again.  Each time by a socket of its own, so that what is left of an answer that
 * was cut short is never taken for the next one's.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include <labcheck/auto.h>

#include "lab/dump.h"
#include "lab/lab.h"
#include "lab/netlink_dump.h"

enum { RECEIVE_BYTES = 64 << 10, DUMP_TRIES = 20 };

/* One datagram of the answer; 1: the end, -EINTR: the table has changed */
static int read_part(int fd, uint8_t *buffer, struct dump *dump)
{
	ssize_t n = recv(fd, buffer, RECEIVE_BYTES, 0);
	int left = (int)n, r = 0;

	if (n < 0)
		return -errno;
	for (const struct nlmsghdr *h = (void *)buffer;
	     mnl_nlmsg_ok(h, left) && !r; h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)mnl_nlmsg_get_payload(h))
				->error;
		r = dump->parse(h, dump);
	}
	return r;
}

static int ask(int fd, const struct nlmsghdr *request, struct dump *dump)
{
	lc_auto(lc_free) uint8_t *buffer = malloc(RECEIVE_BYTES);
	int r = 0;

	if (!buffer)
		return -ENOMEM;
	dump->count = 0;
	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return -errno;
	while (!r)
		r = read_part(fd, buffer, dump);
	return r < 0 ? r : 0;
}

int netlink_dump(struct lc_node *node, int protocol,
		 const struct nlmsghdr *request, struct dump *dump)
{
	int r = -EINTR;

	for (int i = 0; i < DUMP_TRIES && r == -EINTR; i++) {
		lc_auto(lc_close) int fd = node_socket(node, AF_NETLINK,
						       SOCK_RAW, protocol,
						       NULL);

		if (fd < 0)
			return fd;
		r = ask(fd, request, dump);
	}
	return r;
}
