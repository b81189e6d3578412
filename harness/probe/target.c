// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * target.c - which address the words of a step stand for
 *
 * A node's addresses are those of the file; only where the file gives none
 * (adopted nodes, nodes that a command or a student configures) is the kernel
 * asked which it has.
 */
#include <errno.h>
#include <stdlib.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/name_servers.h"
#include "probe/batch/probe.h"
#include "probe/target.h"
#include "scenario/address.h"

struct addresses {
	struct lc_interface_address *list;
	size_t count;
};

static void addresses_done(struct addresses *a)
{
	free(a->list);
}

static bool shares_subnet(const struct addresses *own, const struct lc_ip *ip)
{
	for (size_t i = 0; i < own->count; i++)
		if (own->list[i].ip.family == ip->family &&
		    !ip_is_loopback(&own->list[i].ip) &&
		    prefix_contains(&own->list[i].ip, own->list[i].length, ip))
			return true;
	return false;
}

static bool has_family(const struct addresses *own, int family)
{
	for (size_t i = 0; i < own->count; i++)
		if (own->list[i].ip.family == family &&
		    !ip_is_loopback(&own->list[i].ip) &&
		    !ip_is_link_local(&own->list[i].ip))
			return true;
	return false;
}

/* The best of a node's addresses, as the kernel has them: one on a subnet
 * that the sender is on, else the first that is neither lo's nor link-local */
static bool choose(const struct addresses *theirs, const struct addresses *own,
		   int family, uint32_t ifindex, struct lc_ip *ret_ip)
{
	bool found = false;

	for (size_t i = 0; i < theirs->count; i++) {
		const struct lc_interface_address *a = &theirs->list[i];

		if (a->ip.family != family || ip_is_loopback(&a->ip) ||
		    ip_is_link_local(&a->ip) ||
		    (ifindex && a->ifindex != ifindex))
			continue;
		if (shares_subnet(own, &a->ip)) {
			*ret_ip = a->ip;
			return true;
		}
		if (!found)
			*ret_ip = a->ip;
		found = true;
	}
	return found;
}

static int kernel_address(struct probe *p, struct lc_err *err)
{
	lc_auto(addresses_done) struct addresses own = { 0 }, theirs = { 0 };
	const struct lc_value *to = p->said.to;
	int family = p->said.family;
	struct lc_link link = { 0 };
	int r;

	if (to->interface) {
		r = lc_node_link(p->target, to->interface, &link, err);
		if (r)
			return r;
	}
	r = lc_node_addresses(p->from, &own.list, &own.count, err);
	if (!r)
		r = lc_node_addresses(p->target, &theirs.list, &theirs.count,
				      err);
	if (r)
		return r;
	if (!family)
		family = has_family(&own, AF_INET) &&
					 has_family(&theirs, AF_INET) ?
				 AF_INET :
			 has_family(&theirs, AF_INET6) &&
					 has_family(&own, AF_INET6) ?
				 AF_INET6 :
				 AF_INET;
	if (choose(&theirs, &own, family, link.ifindex, &p->seen->address))
		return 0;
	return lc_err_set(err, -EADDRNOTAVAIL, "%s has no %s address",
			  to->text, family == AF_INET ? "IPv4" : "IPv6");
}

/* Nobody is named: the first one that the node's programs would ask */
static void first_server(struct probe *p)
{
	struct lc_ip servers[NAME_SERVERS];

	name_servers(p->from, servers);
	p->seen->address = servers[0];
}

int probe_address(struct probe *p, struct lc_err *err)
{
	int r = 0;

	/* What a name stands for was looked up before, see lookup_found() */
	if (p->said.to->kind == LC_TARGET_NONE)
		first_server(p);
	else if (p->said.to->kind != LC_TARGET_NAME)
		r = plan_target_address(p->from->lab->plan, p->from->plan,
					p->said.to, p->said.family,
					&p->seen->address, err);
	if (r == -EADDRNOTAVAIL && p->target)
		r = kernel_address(p, err);
	if (!r && p->said.source &&
	    p->said.source->ip.family != p->seen->address.family)
		return lc_err_set(err, -EINVAL,
				  "%s can't be the source of a packet to %s",
				  p->said.source->text, p->said.to->text);
	return r;
}
