// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nsid.c - what a network namespace calls another
 *
 * An interface that leads to another namespace names it by a number, which each
 * namespace gives to others as it meets them.
 */
#include <errno.h>

#include <libmnl/libmnl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "lab.h"
#include "message.h"
#include "nsid.h"
#include "rtnl.h"

static int parse_nsid(const struct nlmsghdr *answer, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, answer, sizeof(struct rtgenmsg))
		if (mnl_attr_get_type(attr) == NETNSA_NSID)
			*(int32_t *)arg = mnl_attr_get_u32(attr);
	return 0;
}

int node_nsid(struct lc_node *node, struct lc_node *other, int32_t *ret_id,
	      struct lc_err *err)
{
	struct rtnl *rtnl;
	struct rtnl_msg m;
	int r;

	r = node_open(other, err);
	if (!r)
		r = node_rtnl(node, &rtnl, err);
	if (r)
		return r;
	rtnl_msg_init(&m, RTM_GETNSID, 0, sizeof(struct rtgenmsg));
	rtnl_put_u32(&m, NETNSA_FD, other->netns);
	*ret_id = NETNSA_NSID_NOT_ASSIGNED;
	return rtnl_request(rtnl, &m, parse_nsid, NULL, ret_id, err);
}
