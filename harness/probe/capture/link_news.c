// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_news.c - interfaces that come into a node, or are renamed
 *
 * The kernel tells of an interface before it is done with whoever asked for it.
 * So by the time that a packet has crossed one, its name has been told.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "probe/capture/link_news.h"

int link_news_open(struct lc_node *node, struct lc_err *err)
{
	const struct sockaddr_nl all = { .nl_family = AF_NETLINK,
					 .nl_groups = RTMGRP_LINK };
	int fd = node_socket(node, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, err);

	if (fd >= 0 && bind(fd, (const void *)&all, sizeof(all))) {
		int code = -errno;

		lc_close(&fd);
		return lc_err_set(err, code, "can't watch the links of %s: %s",
				  lc_node_name(node), strerror(-code));
	}
	return fd;
}

static const char *name_in(const struct nlmsghdr *h)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, h, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(a) == IFLA_IFNAME &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(a);
	return NULL;
}

int link_news_read(int fd,
		   void (*each)(void *arg, uint32_t ifindex, const char *name),
		   void *arg)
{
	_Alignas(struct nlmsghdr) char bytes[16384];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		const struct nlmsghdr *h = (const void *)bytes;
		int left = (int)n;

		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
			const struct ifinfomsg *i = mnl_nlmsg_get_payload(h);
			const char *name = NULL;

			if (h->nlmsg_type == RTM_NEWLINK)
				name = name_in(h);
			if (name)
				each(arg, (uint32_t)i->ifi_index, name);
		}
	}
	return n < 0 && errno == ENOBUFS ? -ENOBUFS : 0;
}
