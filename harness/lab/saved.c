// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * saved.c - what an interface loses when it goes down, to be put back
 *
 * Linux takes from an interface that goes down its IPv6 addresses, its static
 * neighbours and all routes through it; when it comes up again only IPv4's
 * connected routes come back.  The rest is kept here as the kernel's own
 * messages, with nothing interpreted that need not be, and sent back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <labcheck/err.h>

#include "lab.h"
#include "message.h"
#include "rtnl.h"
#include "saved.h"

/* One request; @rank: gateways must be on-link before routes use them */
struct saved_message {
	struct saved_message *next;
	int rank;
	struct rtnl_msg m;
};

enum { RANK_ADDRESS, RANK_NEIGHBOUR, RANK_ONLINK, RANK_VIA, RANK_COUNT };

struct saved {
	uint32_t ifindex;
	struct saved_message *first, **last;
};

/* Begin a request that says again what the kernel said; its header is copied */
static struct rtnl_msg *message_new(struct saved *saved, int rank,
				    const struct nlmsghdr *answer,
				    size_t header_size)
{
	struct saved_message *s = calloc(1, sizeof(*s));
	void *header;

	if (!s)
		return NULL;
	s->rank = rank;
	*saved->last = s;
	saved->last = &s->next;
	header = rtnl_msg_init(&s->m, answer->nlmsg_type,
			       NLM_F_CREATE | NLM_F_EXCL, header_size);
	memcpy(header, mnl_nlmsg_get_payload(answer), header_size);
	return &s->m;
}

static void copy_attribute(struct rtnl_msg *m, const struct nlattr *attr)
{
	rtnl_put(m, attr->nla_type, mnl_attr_get_payload(attr),
		 mnl_attr_get_payload_len(attr));
}

static int save_address(const struct nlmsghdr *answer, void *arg)
{
	const struct ifaddrmsg *header = mnl_nlmsg_get_payload(answer);
	struct saved *saved = arg;
	const struct nlattr *attr;
	struct rtnl_msg *m;

	if (answer->nlmsg_type != RTM_NEWADDR ||
	    header->ifa_family != AF_INET6 ||
	    header->ifa_index != saved->ifindex)
		return 0;
	m = message_new(saved, RANK_ADDRESS, answer, sizeof(*header));
	if (!m)
		return -ENOMEM;
	((struct ifaddrmsg *)mnl_nlmsg_get_payload(&m->header))->ifa_flags =
		IFA_F_NODAD;
	mnl_attr_for_each(attr, answer, sizeof(*header))
		if (mnl_attr_get_type(attr) == IFA_ADDRESS ||
		    mnl_attr_get_type(attr) == IFA_LOCAL)
			copy_attribute(m, attr);
	return 0;
}

static int save_neighbour(const struct nlmsghdr *answer, void *arg)
{
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct saved *saved = arg;
	const struct nlattr *attr;
	struct rtnl_msg *m;

	if (answer->nlmsg_type != RTM_NEWNEIGH ||
	    (uint32_t)header->ndm_ifindex != saved->ifindex ||
	    header->ndm_state != NUD_PERMANENT)
		return 0;
	m = message_new(saved, RANK_NEIGHBOUR, answer, sizeof(*header));
	if (!m)
		return -ENOMEM;
	mnl_attr_for_each(attr, answer, sizeof(*header))
		if (mnl_attr_get_type(attr) == NDA_DST ||
		    mnl_attr_get_type(attr) == NDA_LLADDR)
			copy_attribute(m, attr);
	return 0;
}

/* The hops of a multipath route, in the message that is being made: the
 * kernel tells their state in flags that it does not take back */
static void clear_hop_flags(const struct nlattr *attr, uint32_t ifindex,
			    bool *ret_ours)
{
	char *at = mnl_attr_get_payload(attr);
	int left = mnl_attr_get_payload_len(attr);

	while (left >= (int)sizeof(struct rtnexthop)) {
		struct rtnexthop *hop = (void *)at;

		if (hop->rtnh_len < sizeof(*hop) || hop->rtnh_len > left)
			return;
		hop->rtnh_flags &= RTNH_F_ONLINK;
		if ((uint32_t)hop->rtnh_ifindex == ifindex)
			*ret_ours = true;
		at += MNL_ALIGN(hop->rtnh_len);
		left -= MNL_ALIGN(hop->rtnh_len);
	}
}

/* Whether a route leads through our interface, and by what rank */
static bool route_is_ours(const struct saved *saved,
			  const struct nlmsghdr *answer, int *ret_rank)
{
	const struct nlattr *attr;
	bool ours = false;

	*ret_rank = RANK_ONLINK;
	mnl_attr_for_each(attr, answer, sizeof(struct rtmsg)) {
		switch (mnl_attr_get_type(attr)) {
		case RTA_OIF:
			ours |= mnl_attr_get_u32(attr) == saved->ifindex;
			break;
		case RTA_MULTIPATH:
			clear_hop_flags(attr, saved->ifindex, &ours);
			*ret_rank = RANK_VIA;
			break;
		case RTA_GATEWAY:
		case RTA_VIA:
			*ret_rank = RANK_VIA;
			break;
		}
	}
	return ours;
}

static int save_route(const struct nlmsghdr *answer, void *arg)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(answer);
	struct saved *saved = arg;
	const struct nlattr *attr;
	struct rtnl_msg *m;
	struct rtmsg *copy;
	int rank;

	if (answer->nlmsg_type != RTM_NEWROUTE ||
	    header->rtm_protocol == RTPROT_KERNEL ||
	    !route_is_ours(saved, answer, &rank))
		return 0;
	m = message_new(saved, rank, answer, sizeof(*header));
	if (!m)
		return -ENOMEM;
	copy = mnl_nlmsg_get_payload(&m->header);
	copy->rtm_flags &= RTNH_F_ONLINK;
	mnl_attr_for_each(attr, answer, sizeof(*header))
		if (mnl_attr_get_type(attr) != RTA_CACHEINFO)
			copy_attribute(m, attr);
	return 0;
}

/* The messages of a dump that was interrupted will come again */
static void save_again(void *arg)
{
	struct saved *saved = arg;

	while (saved->first) {
		struct saved_message *s = saved->first;

		saved->first = s->next;
		free(s);
	}
	saved->last = &saved->first;
}

static int save_table(struct lc_node *node, uint16_t type, size_t header_size,
		      int (*each)(const struct nlmsghdr *answer, void *arg),
		      struct saved *saved, struct lc_err *err)
{
	/* A table of its own, so that starting again loses no other's */
	struct saved table = { .ifindex = saved->ifindex };
	struct rtnl_msg m;
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	if (r)
		return r;
	table.last = &table.first;
	rtnl_msg_init(&m, type, NLM_F_DUMP, header_size);
	r = rtnl_request(rtnl, &m, each, save_again, &table, err);
	if (r) {
		save_again(&table);
		return r;
	}
	if (table.first) {
		*saved->last = table.first;
		saved->last = table.last;
	}
	return 0;
}

int saved_read(struct lc_node *node, uint32_t ifindex,
	       struct saved **ret_saved, struct lc_err *err)
{
	struct saved *saved = calloc(1, sizeof(*saved));
	int r;

	if (!saved)
		return lc_err_set(err, -ENOMEM, "out of memory");
	saved->ifindex = ifindex;
	saved->last = &saved->first;
	r = save_table(node, RTM_GETADDR, sizeof(struct ifaddrmsg),
		       save_address, saved, err);
	if (!r)
		r = save_table(node, RTM_GETNEIGH, sizeof(struct ndmsg),
			       save_neighbour, saved, err);
	if (!r)
		r = save_table(node, RTM_GETROUTE, sizeof(struct rtmsg),
			       save_route, saved, err);
	if (r) {
		saved_free(saved);
		return r;
	}
	*ret_saved = saved;
	return 0;
}

int saved_restore(const struct saved *saved, struct lc_node *node,
		  struct lc_err *err)
{
	struct rtnl *rtnl;
	int r = node_rtnl(node, &rtnl, err);

	for (int rank = 0; rank < RANK_COUNT && !r; rank++) {
		for (const struct saved_message *s = saved->first; s && !r;
		     s = s->next) {
			if (s->rank != rank)
				continue;
			rtnl_add(rtnl, &s->m, (struct lc_at){ 0 },
				 "restoring what %s lost",
				 lc_node_name(node));
			r = rtnl_commit(rtnl, NULL, err);
			if (r == -EEXIST)
				r = 0;
		}
	}
	return r;
}

void saved_free(struct saved *saved)
{
	if (!saved)
		return;
	save_again(saved);
	free(saved);
}
