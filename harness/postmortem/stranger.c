// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stranger.c - a neighbour that was not heard, and has been heard of since
 *
 * Who asks in vain for its neighbour may be asked by it a moment later, and so
 * come to know it.  Sent again the probe would be answered, and say nothing of why
 * the question was not.  So that neighbour is forgotten for as long as it takes.
 * An entry that somebody has made for good is none that was heard.
 */
#include <errno.h>

#include <linux/neighbour.h>

#include <labcheck/err.h>

#include "lab/address_message.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "postmortem/stranger.h"
#include "probe/batch/probe.h"

static void change(struct lc_node *node, const struct rtnl_msg *m, int forgiven)
{
	struct rtnl *rtnl;

	if (node_rtnl(node, &rtnl, NULL))
		return;
	rtnl_add(rtnl, m, (struct lc_at){ 0 }, "neighbour");
	rtnl_forgive(rtnl, forgiven);
	rtnl_commit(rtnl, NULL, NULL);
}

void stranger_forget(struct stranger *s, const struct probe *p,
		     enum lc_outcome outcome)
{
	const struct lc_ip *hop = &p->seen->address;
	struct lc_route route;
	struct rtnl_msg m;

	*s = (struct stranger){ 0 };
	if (outcome != LC_NO_NEIGHBOR || p->from->plan->kind == NODE_ADOPTED ||
	    lc_node_lookup(p->from, hop,
			   p->said.source ? &p->said.source->ip : NULL, &route,
			   NULL))
		return;
	if (route.via.family)
		hop = &route.via;
	if (p->scope)
		route.ifindex = p->scope;
	if (node_neighbour(p->from, route.ifindex, hop, &s->entry, NULL) ||
	    !s->entry.has_mac || s->entry.state & (NUD_PERMANENT | NUD_NOARP))
		return;
	s->node = p->from;
	rtnl_build_neighbour_delete(&m, route.ifindex, hop);
	change(s->node, &m, -ENOENT);
}

void stranger_recall(struct stranger *s)
{
	struct lc_neighbour now;
	struct rtnl_msg m;

	if (!s->node || (!node_neighbour(s->node, s->entry.ifindex,
					 &s->entry.ip, &now, NULL) &&
			 now.has_mac))
		return;
	rtnl_build_neighbour_heard(&m, s->entry.ifindex, &s->entry.ip,
				   s->entry.mac);
	change(s->node, &m, -ENODEV);
}
