// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_forwarding.c - what came in at a node that was to pass it on
 */
#include <sys/socket.h>

#include "lab/lab.h"
#include "lab/policies.h"
#include "postmortem/cause.h"
#include "scenario/address.h"

long reverse_path_filter(const struct sighting *last)
{
	long all = setting_of(last->node, "ipv4/conf/all/rp_filter");
	long own = setting_of(last->node, "ipv4/conf/%s/rp_filter",
			      last->interface);

	return all < own ? own : all;
}

bool cause_reverse_path(struct inquest *q, const struct sighting *last)
{
	struct lc_route route;
	char text[IP_TEXT_SIZE];
	long all;
	int r;

	if (last->ends.source.family != AF_INET ||
	    node_has_policies(last->node, AF_INET))
		return false;
	all = reverse_path_filter(last);
	if (all <= 0)
		return false;
	r = lc_node_lookup(last->node, &last->ends.source, NULL, &route, NULL);
	ip_format(&last->ends.source, text);
	if (r)
		return cause_is(q, "the reverse-path filter of %s:%s (rp_filter is %ld): %s has no route to the source, %s",
				lc_node_name(last->node), last->interface, all,
				lc_node_name(last->node), text);
	if (all != 1 || route.ifindex == last->ifindex)
		return false;
	return cause_is(q, "the reverse-path filter of %s:%s (rp_filter is 1): %s has the source, %s, behind %s",
			lc_node_name(last->node), last->interface,
			lc_node_name(last->node), text, route.dev);
}

/* IPv4 forwards by interface, and IPv6 does if it does on all of them */
static bool cause_unforwarded(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node;
	const char *name = lc_node_name(node);
	struct lc_route route;

	if (last->ends.destination.family == AF_INET6) {
		if (setting_of(node, "ipv6/conf/all/forwarding") != 0)
			return false;
		cause_is(q, "%s does not forward (net.ipv6.conf.all.forwarding is 0)",
			 name);
	} else {
		if (setting_of(node, "ipv4/conf/%s/forwarding",
			       last->interface) != 0)
			return false;
		if (setting_of(node, "ipv4/ip_forward") == 0)
			cause_is(q, "%s does not forward (net.ipv4.ip_forward is 0)",
				 name);
		else
			cause_is(q, "%s does not forward what comes in at %s (net.ipv4.conf.%s.forwarding is 0)",
				 name, last->interface, last->interface);
	}
	if (!lc_node_lookup(node, &last->ends.destination, NULL, &route, NULL))
		cause_missing(q, node, route.dev);
	return true;
}

bool cause_forwarding(struct inquest *q, const struct sighting *last,
		      bool back)
{
	struct lc_node *node = last->node;
	const struct burden burden = burden_of(last);

	if (cause_unforwarded(q, last))
		return true;
	if (last->ttl <= 1)
		return cause_used_up(q, node);
	return cause_martian(q, last) || cause_reverse_path(q, last) ||
	       cause_way(q, node, &burden, back);
}
