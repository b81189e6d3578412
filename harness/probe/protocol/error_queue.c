// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * error_queue.c - what a socket's error queue holds, ip(7)
 *
 * All probe sockets ask for IP_RECVERR: an ICMP error then arrives in the
 * socket's error queue with its type, its code and who sent it, where errno
 * alone would fold many causes into one.  A TCP socket, for one, says
 * ECONNREFUSED for a reset and for an ICMP port-unreachable alike, and does
 * not fail for most ICMP errors until its first retransmit; the queue has them
 * at once.
 */
#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/sockaddr.h"
#include "probe/protocol/error_queue.h"

static void error_parse(const struct cmsghdr *c, struct queued_error *ret)
{
	const struct sock_extended_err *e = (const void *)CMSG_DATA(c);
	const struct sockaddr *offender = SO_EE_OFFENDER(e);
	struct sockaddr_storage sa;
	uint16_t port;

	ret->error = (int)e->ee_errno;
	ret->origin = e->ee_origin;
	ret->type = e->ee_type;
	ret->code = e->ee_code;
	ret->mtu = e->ee_errno == EMSGSIZE ? e->ee_info : 0;
	if (offender->sa_family == AF_INET || offender->sa_family == AF_INET6) {
		memset(&sa, 0, sizeof(sa));
		memcpy(&sa, offender,
		       offender->sa_family == AF_INET ?
			       sizeof(struct sockaddr_in) :
			       sizeof(struct sockaddr_in6));
		sockaddr_read(&sa, &ret->offender, &port);
	}
}

bool error_queue_read(int fd, int family, struct queued_error *ret)
{
	char control[512];
	struct iovec io = { ret->data, sizeof(ret->data) };
	struct msghdr msg = {
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n;

	memset(&ret->offender, 0, sizeof(ret->offender));
	ret->origin = SO_EE_ORIGIN_NONE;
	n = recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (n < 0)
		return false;
	ret->length = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	     c = CMSG_NXTHDR(&msg, c))
		if (family == AF_INET ? c->cmsg_level == SOL_IP &&
						c->cmsg_type == IP_RECVERR :
					c->cmsg_level == SOL_IPV6 &&
						c->cmsg_type == IPV6_RECVERR)
			error_parse(c, ret);
	return true;
}
