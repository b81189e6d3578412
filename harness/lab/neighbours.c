// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * neighbours.c - a node's neighbour tables (ARP and neighbour discovery), and
 * the forwarding tables of its bridges and VXLANs, which the kernel hands out
 * in the same form
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <labcheck/err.h>

#include "dump.h"
#include "lab.h"
#include "message.h"
#include "rtnl.h"

static bool copy_mac(uint8_t mac[6], const struct nlattr *attr)
{
	if (mnl_attr_get_payload_len(attr) != 6)
		return false;
	memcpy(mac, mnl_attr_get_payload(attr), 6);
	return true;
}

/* The kernel counts in hundredths of a second here, whatever its HZ */
static uint32_t age_ms(const struct nlattr *attr)
{
	struct nda_cacheinfo info = { 0 };

	if (mnl_attr_get_payload_len(attr) >= sizeof(info))
		memcpy(&info, mnl_attr_get_payload(attr), sizeof(info));
	return info.ndm_updated * 10;
}

/* Most entries are of the same interface as the one before */
static void name_device(struct lc_neighbour *entry, const struct dump *dump)
{
	if (dump->count > 1 && entry[-1].ifindex == entry->ifindex)
		memcpy(entry->dev, entry[-1].dev, sizeof(entry->dev));
	else
		rtnl_ifname(dump->rtnl, entry->ifindex, entry->dev);
}

static int parse_neighbour(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct lc_neighbour *entry;
	const struct nlattr *attr;

	if (answer->nlmsg_type != RTM_NEWNEIGH ||
	    (header->ndm_family != AF_INET && header->ndm_family != AF_INET6) ||
	    header->ndm_state == NUD_NOARP || header->ndm_flags & NTF_PROXY)
		return 0;
	entry = dump_item(dump);
	if (!entry)
		return -ENOMEM;
	entry->ifindex = header->ndm_ifindex;
	entry->state = header->ndm_state;
	name_device(entry, dump);
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		switch (mnl_attr_get_type(attr)) {
		case NDA_DST:
			entry->ip = attribute_ip(attr);
			break;
		case NDA_LLADDR:
			entry->has_mac = copy_mac(entry->mac, attr);
			break;
		case NDA_CACHEINFO:
			entry->age_ms = age_ms(attr);
			break;
		}
	}
	return 0;
}

int lc_node_neighbours(struct lc_node *node, struct lc_neighbour **ret_entries,
		       size_t *ret_count, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(**ret_entries),
			     .parse = parse_neighbour };
	struct rtnl_msg m;
	int r;

	rtnl_msg_init(&m, RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));
	r = dump_run(&dump, node, "neighbours", &m, err);
	if (r)
		return r;
	*ret_entries = dump.items;
	*ret_count = dump.count;
	return 0;
}

int node_neighbour(struct lc_node *node, uint32_t ifindex,
		   const struct lc_ip *ip, struct lc_neighbour *ret_entry,
		   struct lc_err *err)
{
	struct dump dump = { .size = sizeof(*ret_entry),
			     .parse = parse_neighbour };
	struct ndmsg *header;
	struct rtnl_msg m;
	int r;

	header = rtnl_msg_init(&m, RTM_GETNEIGH, 0, sizeof(*header));
	header->ndm_family = ip->family;
	header->ndm_ifindex = ifindex;
	rtnl_put_ip(&m, NDA_DST, ip);
	r = dump_run(&dump, node, "neighbour", &m, err);
	if (!r && !dump.count)
		r = lc_err_set(err, -ENOENT, "no such neighbour");
	if (!r)
		*ret_entry = *(struct lc_neighbour *)dump.items;
	free(dump.items);
	return r;
}

static int parse_fdb(const struct nlmsghdr *answer, struct dump *dump)
{
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct lc_fdb_entry *entry;
	const struct nlattr *attr;

	if (answer->nlmsg_type != RTM_NEWNEIGH ||
	    header->ndm_family != AF_BRIDGE)
		return 0;
	entry = dump_item(dump);
	if (!entry)
		return -ENOMEM;
	entry->ifindex = header->ndm_ifindex;
	entry->state = header->ndm_state;
	rtnl_ifname(dump->rtnl, entry->ifindex, entry->port);
	mnl_attr_for_each(attr, answer, sizeof(*header)) {
		switch (mnl_attr_get_type(attr)) {
		case NDA_LLADDR:
			copy_mac(entry->mac, attr);
			break;
		case NDA_MASTER:
			entry->master = mnl_attr_get_u32(attr);
			break;
		case NDA_DST:
			entry->dst = attribute_ip(attr);
			break;
		case NDA_VNI:
			entry->vni = mnl_attr_get_u32(attr);
			break;
		}
	}
	return 0;
}

int lc_node_fdb(struct lc_node *node, struct lc_fdb_entry **ret_entries,
		size_t *ret_count, struct lc_err *err)
{
	struct dump dump = { .size = sizeof(**ret_entries),
			     .parse = parse_fdb };
	struct ndmsg *header;
	struct rtnl_msg m;
	int r;

	header = rtnl_msg_init(&m, RTM_GETNEIGH, NLM_F_DUMP, sizeof(*header));
	header->ndm_family = AF_BRIDGE;
	r = dump_run(&dump, node, "forwarding tables", &m, err);
	if (r)
		return r;
	*ret_entries = dump.items;
	*ret_count = dump.count;
	return 0;
}
