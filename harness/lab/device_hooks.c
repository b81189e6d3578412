// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device_hooks.c - chains that see packets before, or behind, all else
 *
 * Those of the netdev family, and of the inet family's ingress hook: each names
 * the interfaces that it is for.
 */
#include <errno.h>
#include <stdio.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "lab/device_hooks.h"
#include "lab/dump.h"
#include "lab/netfilter_dump.h"

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

int node_device_hooks(struct lc_node *node, struct device_hook **ret_hooks,
		      size_t *ret_count)
{
	struct dump dump = { .size = sizeof(struct device_hook),
			     .parse = read_chain };
	int r = netfilter_dump(node,
			       NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN,
			       &dump, "chains", "CONFIG_NF_TABLES", NULL);

	if (r)
		return r;
	*ret_hooks = dump.items;
	*ret_count = dump.count;
	return 0;
}
