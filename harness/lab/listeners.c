// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listeners.c - who listens on which port, from sock_diag(7)
 *
 * A connection made for a try would be one that the service sees: a server
 * that serves once would be gone, and a log would tell of a client that no
 * scenario has.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <labcheck/err.h>
#include <labcheck/value.h>

#include "lab/listeners.h"

/* States of sockets, net/tcp_states.h; a UDP socket without a peer is closed */
enum { STATE_CLOSE = 7, STATE_LISTEN = 10 };

/* An answer of this kernel to a dump comes without delay */
enum { ANSWER_MS = 5000 };

struct request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
};

static int ask(int fd, int family, int protocol, uint16_t port)
{
	int state = protocol == IPPROTO_TCP ? STATE_LISTEN : STATE_CLOSE;
	struct request request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
			.sdiag_family = (uint8_t)family,
			.sdiag_protocol = (uint8_t)protocol,
			.idiag_states = 1U << state,
			.id = { .idiag_sport = htons(port) },
		},
	};

	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	return 0;
}

/* What there is on a port, of those that would hear what is for an address */
struct found {
	const struct lc_ip *at;		/* NULL: for any */
	bool listener, full;
};

/* A socket without an address hears all of its family, and one of IPv6 may hear
 * IPv4 as well: whether it does is not asked */
static bool hears(const struct inet_diag_msg *m, const struct lc_ip *at)
{
	static const uint8_t any[16];
	const size_t size = m->idiag_family == AF_INET ? 4 : 16;

	if (!at || !memcmp(m->id.idiag_src, any, size))
		return true;
	if (m->idiag_family == at->family)
		return !memcmp(m->id.idiag_src, at->bytes, size);
	return size == 16 && !memcmp((const uint8_t *)m->id.idiag_src + 12,
				     at->bytes, 4);
}

/* Return: 1 at the end of the dump, 0 if there is more, or -errno */
static int read_answer(const struct nlmsghdr *header, size_t length,
		       uint16_t port, struct found *found)
{
	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		const struct inet_diag_msg *message = NLMSG_DATA(header);

		if (header->nlmsg_type == NLMSG_DONE)
			return 1;
		if (header->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *error = NLMSG_DATA(header);

			return error->error ?: 1;
		}
		if (message->id.idiag_sport != htons(port) ||
		    !hears(message, found->at))
			continue;
		found->listener = true;
		/* Of a listener: how many wait, and how many may */
		found->full |= message->idiag_rqueue > message->idiag_wqueue;
	}
	return 0;
}

static int dump(int fd, int family, int protocol, uint16_t port,
		struct found *found)
{
	char buffer[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	int result = ask(fd, family, protocol, port);

	while (result == 0) {
		ssize_t n;

		if (poll(&answer, 1, ANSWER_MS) == 0)
			return -ETIMEDOUT;
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (n > 0)
			result = read_answer((struct nlmsghdr *)buffer,
					     (size_t)n, port, found);
	}
	return result < 0 ? result : 0;
}

static int find(int fd, int protocol, uint16_t port, struct found *found,
		struct lc_err *err)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		int error = dump(fd, families[i], protocol, port, found);

		if (error == -ENOENT || error == -EOPNOTSUPP)
			return lc_err_set(err, -EOPNOTSUPP,
					  "this kernel can't tell who listens "
					  "(sock_diag: %s)", strerror(-error));
		if (error)
			return lc_err_set(err, error, "sock_diag: %s",
					  strerror(-error));
	}
	return 0;
}

int listeners_has(int fd, int protocol, const struct lc_ip *at, uint16_t port,
		  bool *ret_has, struct lc_err *err)
{
	struct found found = { .at = at };
	int r = find(fd, protocol, port, &found, err);

	*ret_has = found.listener;
	return r;
}

int listeners_full(int fd, uint16_t port, bool *ret_full, struct lc_err *err)
{
	struct found found = { 0 };
	int r = find(fd, IPPROTO_TCP, port, &found, err);

	*ret_full = found.full;
	return r;
}
