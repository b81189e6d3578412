// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * way.c - where the nodes of a plan would send a packet, as far as it says
 *
 * Enough to know that a change makes no difference: that somebody outside could
 * come by a host at all, or that a wider prefix takes in nobody.  Policies,
 * tables other than the main one and what steps change are not looked at.
 */
#include "address.h"
#include "mutant_kinds.h"

enum { TABLE_MAIN = 254 };

static bool is_better(const struct way *best, bool found, uint8_t length)
{
	return !found || length > best->length;
}

bool way_find(const struct plan_node *node, const struct lc_ip *to,
	      struct way *ret_way)
{
	bool found = false;

	for (size_t i = 0; i < node->interface_count; i++) {
		const struct plan_interface *f = &node->interfaces[i];

		for (size_t k = 0; f->up && k < f->address_count; k++) {
			const struct plan_address *a = &f->addresses[k];

			if (!prefix_contains(&a->ip, a->length, to) ||
			    !is_better(ret_way, found, a->length))
				continue;
			*ret_way = (struct way){ .ifindex = f->ifindex,
						 .length = a->length };
			found = true;
		}
	}
	for (size_t i = 0; i < node->route_count; i++) {
		const struct plan_route *r = &node->routes[i];
		uint8_t length = r->is_default ? 0 : r->length;

		if (r->family != to->family ||
		    (r->table && r->table != TABLE_MAIN) ||
		    (!r->is_default && !prefix_contains(&r->to, length, to)) ||
		    !is_better(ret_way, found, length))
			continue;
		*ret_way = (struct way){ r->via, r->ifindex, length };
		found = true;
	}
	return found;
}

bool host_has_outside(const struct plan_node *host)
{
	for (size_t i = 0; i < host->interface_count; i++)
		if (host->interfaces[i].network == NO_NETWORK &&
		    host->interfaces[i].kind != KIND_LOOPBACK &&
		    host->interfaces[i].address_count)
			return true;
	return false;
}

/* One that leaves by its own host */
static bool is_container(const struct plan *plan, uint32_t node)
{
	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (plan->endpoints[i].node == node)
			return true;
	return false;
}

bool host_is_way_to(const struct plan *plan, uint32_t host,
		    const struct lc_ip *container)
{
	for (uint32_t n = 0; n < plan->node_count; n++) {
		const struct plan_node *node = &plan->nodes[n];
		struct way way;

		if (n != host && node->owner == node && !node->made &&
		    !is_container(plan, n) &&
		    way_find(node, container, &way) && way.via.family &&
		    node_has_ip(&plan->nodes[host], &way.via))
			return true;
	}
	return false;
}
