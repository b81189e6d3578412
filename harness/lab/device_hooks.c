// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device_hooks.c - chains that see packets before, or behind, all else
 *
 * Those of the netdev family, and of the inet family's ingress hook: each names
 * the interfaces that it is for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/auto.h>

#include "lab/device_hooks.h"
#include "lab/dump.h"
#include "lab/lab.h"

enum { RECEIVE_BYTES = 32 << 10 };

static int add(struct dump *dump, bool egress, const struct nlattr *name)
{
	struct device_hook *hook = dump_item(dump);

	if (!hook)
		return -ENOMEM;
	hook->egress = egress;
	snprintf(hook->device, sizeof(hook->device), "%s",
		 mnl_attr_get_str(name));
	return 0;
}

static int read_hook(const struct nlattr *hook, uint8_t family,
		     struct dump *dump)
{
	const struct nlattr *attr, *device;
	bool egress = false;
	int r = 0;

	mnl_attr_for_each_nested(attr, hook)
		if (mnl_attr_get_type(attr) == NFTA_HOOK_HOOKNUM)
			egress = family == NFPROTO_NETDEV &&
				 ntohl(mnl_attr_get_u32(attr)) ==
					 NF_NETDEV_EGRESS;
	mnl_attr_for_each_nested(attr, hook) {
		if (mnl_attr_get_type(attr) != NFTA_HOOK_DEVS)
			continue;
		mnl_attr_for_each_nested(device, attr)
			if (!r && mnl_attr_get_type(device) == NFTA_DEVICE_NAME)
				r = add(dump, egress, device);
	}
	return r;
}

static int read_chain(const struct nlmsghdr *h, struct dump *dump)
{
	const struct nfgenmsg *g = mnl_nlmsg_get_payload(h);
	const struct nlattr *attr;
	int r = 0;

	mnl_attr_for_each(attr, h, sizeof(*g))
		if (mnl_attr_get_type(attr) == NFTA_CHAIN_HOOK && !r)
			r = read_hook(attr, g->nfgen_family, dump);
	return r;
}

/* One datagram of the answer; 1: the end */
static int read_part(int fd, uint8_t *buffer, struct dump *dump)
{
	ssize_t n = recv(fd, buffer, RECEIVE_BYTES, 0);
	int left = (int)n, r = 0;

	if (n < 0)
		return -errno;
	for (const struct nlmsghdr *h = (void *)buffer;
	     mnl_nlmsg_ok(h, left) && !r; h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)mnl_nlmsg_get_payload(h))
				->error;
		r = read_chain(h, dump);
	}
	return r;
}

int node_device_hooks(struct lc_node *node, struct device_hook **ret_hooks,
		      size_t *ret_count)
{
	lc_auto(lc_close) int fd = node_socket(node, AF_NETLINK, SOCK_RAW,
					       NETLINK_NETFILTER, NULL);
	lc_auto(lc_free) uint8_t *buffer = malloc(RECEIVE_BYTES);
	struct dump dump = { .size = sizeof(struct device_hook) };
	char bytes[NLMSG_SPACE(sizeof(struct nfgenmsg))] = { 0 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(bytes);
	struct nfgenmsg *g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	int r = 0;

	if (fd < 0)
		return fd;
	if (!buffer)
		return -ENOMEM;
	h->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	g->version = NFNETLINK_V0; /* nfgen_family 0: all */
	if (send(fd, h, h->nlmsg_len, 0) < 0)
		return -errno;
	while (!r)
		r = read_part(fd, buffer, &dump);
	if (r < 0) {
		free(dump.items);
		return r;
	}
	*ret_hooks = dump.items;
	*ret_count = dump.count;
	return 0;
}
