// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scope.c - by which interface a link-local address is meant
 *
 * fe80::1 may be on every cable of a node.  It is meant on the one interface
 * that can reach such addresses; where there are several, on the one with the
 * source that the probe asks for, or on the one whose cable ends at the node
 * that holds the address.
 */
#include <errno.h>
#include <net/if.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/scope.h"
#include "scenario/address.h"

struct interfaces {
	struct lc_link *links;
	size_t link_count;
	struct lc_interface_address *addresses;
	size_t address_count;
};

static void interfaces_done(struct interfaces *i)
{
	free(i->links);
	free(i->addresses);
}

static int interfaces_read(struct interfaces *i, struct lc_node *node,
			   struct lc_err *err)
{
	int r = lc_node_links(node, &i->links, &i->link_count, err);

	if (!r)
		r = lc_node_addresses(node, &i->addresses, &i->address_count,
				      err);
	return r;
}

/* Whether an interface has @ip; NULL: any link-local address */
static bool has(const struct interfaces *i, const struct lc_link *link,
		const struct lc_ip *ip)
{
	for (size_t k = 0; k < i->address_count; k++)
		if (i->addresses[k].ifindex == link->ifindex &&
		    (ip ? ip_equal(&i->addresses[k].ip, ip) :
			  i->addresses[k].ip.family == AF_INET6 &&
				  ip_is_link_local(&i->addresses[k].ip)))
			return true;
	return false;
}

static bool may_be_meant(const struct interfaces *own,
			 const struct lc_link *link)
{
	return (link->flags & IFF_UP) && !(link->flags & IFF_LOOPBACK) &&
	       !link->master && has(own, link, NULL);
}

/* Whether its cable ends at the interface that holds the address */
static bool leads_there(const struct probe *p, const struct lc_link *link,
			struct lc_node *holder, const struct interfaces *theirs)
{
	bool is_peer = false;

	for (size_t i = 0; holder && i < theirs->link_count; i++)
		if (has(theirs, &theirs->links[i], &p->seen->address) &&
		    !lc_node_peer(p->from, link, holder, &theirs->links[i],
				  &is_peer, NULL) &&
		    is_peer)
			return true;
	return false;
}

int probe_find_scope(struct lc_batch *batch, struct probe *p,
		     struct lc_err *err)
{
	lc_auto(interfaces_done) struct interfaces own = { 0 }, theirs = { 0 };
	const struct lc_ip *source = p->said.source ? &p->said.source->ip :
						      NULL;
	struct lc_node *holder = p->target;
	size_t found = 0;
	int r;

	p->scope = 0;
	if (p->seen->address.family != AF_INET6 ||
	    !ip_is_link_local(&p->seen->address))
		return 0;
	if (!holder)
		holder = node_holding(batch->lab, &p->seen->address);
	r = interfaces_read(&own, p->from, err);
	if (!r && holder)
		r = interfaces_read(&theirs, holder, err);
	for (size_t i = 0; !r && i < own.link_count; i++) {
		const struct lc_link *link = &own.links[i];

		if (!may_be_meant(&own, link))
			continue;
		found++;
		p->scope = link->ifindex;
		if ((source && has(&own, link, source)) ||
		    leads_there(p, link, holder, &theirs))
			return 0;
	}
	if (!r && found > 1)
		return lc_err_set(err, -EINVAL,
				  "%s has several interfaces with link-local addresses, and %s does not say which one is meant",
				  lc_node_name(p->from), p->said.to->text);
	return r;
}
