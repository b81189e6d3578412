// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sockaddr.c - between addresses of the language and those of socket(7)
 */
#include <string.h>
#include <sys/socket.h>

#include "lab/sockaddr.h"

socklen_t sockaddr_fill(struct sockaddr_storage *sa, const struct lc_ip *ip,
			uint16_t port, uint32_t scope)
{
	memset(sa, 0, sizeof(*sa));
	if (ip->family == AF_INET) {
		struct sockaddr_in *in = (void *)sa;

		in->sin_family = AF_INET;
		in->sin_addr = ip->v4;
		in->sin_port = htons(port);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (void *)sa;

	in6->sin6_family = AF_INET6;
	in6->sin6_addr = ip->v6;
	in6->sin6_port = htons(port);
	in6->sin6_scope_id = scope;
	return sizeof(*in6);
}

void sockaddr_read(const struct sockaddr_storage *sa, struct lc_ip *ret_ip,
		   uint16_t *ret_port)
{
	memset(ret_ip, 0, sizeof(*ret_ip));
	ret_ip->family = sa->ss_family;
	if (sa->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;

		ret_ip->v4 = in->sin_addr;
		*ret_port = ntohs(in->sin_port);
	} else {
		const struct sockaddr_in6 *in6 = (const void *)sa;

		ret_ip->v6 = in6->sin6_addr;
		*ret_port = ntohs(in6->sin6_port);
	}
}
