// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_dump.c - one of netfilter's tables, read into an array
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/err.h>

#include "lab/dump.h"
#include "lab/lab.h"
#include "lab/netfilter_dump.h"
#include "lab/netlink_dump.h"

int netfilter_dump(struct lc_node *node, uint16_t type, struct dump *dump,
		   const char *what, const char *option, struct lc_err *err)
{
	char bytes[NLMSG_SPACE(sizeof(struct nfgenmsg))] = { 0 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(bytes);
	struct nfgenmsg *g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	int r;

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	g->version = NFNETLINK_V0; /* nfgen_family 0: all */
	r = netlink_dump(node, NETLINK_NETFILTER, h, dump);
	if (!r)
		return 0;
	free(dump->items);
	if (r == -EINVAL || r == -EOPNOTSUPP)
		return lc_err_set(err, r,
				  "%s of %s: this kernel does not tell them (%s)",
				  what, lc_node_name(node), option);
	return lc_err_set(err, r, "%s of %s: %s", what, lc_node_name(node),
			  strerror(-r));
}
