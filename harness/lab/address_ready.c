// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_ready.c - when IPv6 addresses can be used
 *
 * Theory of operation
 *
 * An IPv6 address can't be used while it is tentative.  Those of the plan never
 * are, but that does not make them work: the kernel inserts the route by which
 * it takes in what is sent to an address, and joins the multicast group in which
 * its neighbours ask for it, in a worker.  That one needs the lock that all
 * configuring of interfaces needs, on the whole machine, so it can be late by
 * milliseconds, and what comes before is thrown away.  So the local route is
 * asked for, which comes last.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "address_ready.h"
#include "lab.h"
#include "scenario/address.h"

/* The worker of an address that nothing holds up was done long before */
static const uint64_t settle_ns = 1000000000;

static bool has_carrier(const struct lc_link *links, size_t count,
			uint32_t ifindex)
{
	for (size_t i = 0; i < count; i++)
		if (links[i].ifindex == ifindex)
			return links[i].flags & IFF_UP &&
			       links[i].flags & IFF_LOWER_UP;
	return false;
}

static bool has_local_route(const struct lc_route *routes, size_t count,
			    const struct lc_ip *ip)
{
	for (size_t i = 0; i < count; i++)
		if (routes[i].type == RTN_LOCAL && ip_equal(&routes[i].to, ip))
			return true;
	return false;
}

/* All that is to be known of a node's addresses, at one time */
struct view {
	struct lc_interface_address *addresses;
	struct lc_link *links;
	struct lc_route *routes;
	size_t address_count, link_count, route_count;
};

static void view_done(struct view *v)
{
	free(v->addresses);
	free(v->links);
	free(v->routes);
}

static int view_take(struct view *v, struct lc_node *node, struct lc_err *err)
{
	int r = lc_node_addresses(node, &v->addresses, &v->address_count, err);

	if (!r)
		r = lc_node_links(node, &v->links, &v->link_count, err);
	if (!r)
		r = lc_node_routes(node, &v->routes, &v->route_count, err);
	return r;
}

/* An address that can't be used yet, of an interface that has a carrier; NULL:
 * all can */
static const struct lc_interface_address *unusable(const struct view *v,
						   bool tentative)
{
	for (size_t i = 0; i < v->address_count; i++) {
		const struct lc_interface_address *a = &v->addresses[i];

		if (a->ip.family != AF_INET6 || a->flags & IFA_F_DADFAILED ||
		    !has_carrier(v->links, v->link_count, a->ifindex))
			continue;
		if (a->flags & IFA_F_TENTATIVE ?
			    tentative :
			    !has_local_route(v->routes, v->route_count, &a->ip))
			return a;
	}
	return NULL;
}

static int wait_for(struct lc_node *node, uint64_t deadline_ns, bool tentative,
		    struct lc_err *err)
{
	const struct lc_interface_address *a;
	char text[LC_IP_TEXT];

	for (unsigned int tries = 1;; tries++) {
		lc_auto(view_done) struct view v = { 0 };
		int r = view_take(&v, node, err);

		a = r ? NULL : unusable(&v, tentative);
		if (!a)
			return r;
		if (clock_ns() > deadline_ns)
			return lc_err_set(err, -ETIMEDOUT,
					  "address %s on %s is not usable yet",
					  lc_ip_format(&a->ip, text),
					  node->plan->name);
		/* The worker has no event of its own */
		if (tries > 3)
			poll(NULL, 0, 1);
	}
}

int addresses_ready(struct lc_node *node, uint64_t deadline_ns,
		    struct lc_err *err)
{
	return wait_for(node, deadline_ns, true, err);
}

void addresses_settle(struct lc_node *node)
{
	wait_for(node, clock_ns() + settle_ns, false, NULL);
}
