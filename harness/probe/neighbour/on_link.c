// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * on_link.c - who is on whose link, by the plan; pure
 */
#include "lab/lab.h"
#include "probe/neighbour/on_link.h"
#include "scenario/address.h"

const struct plan_address *on_link(const struct lc_node *node,
				   const struct lc_ip *ip,
				   uint32_t *ret_ifindex)
{
	const struct plan_node *plan = node->plan;

	for (size_t i = 0; i < plan->interface_count; i++) {
		const struct plan_interface *f = &plan->interfaces[i];

		for (size_t k = 0; k < f->address_count; k++) {
			const struct plan_address *a = &f->addresses[k];

			if (!prefix_contains(&a->ip, a->length, ip))
				continue;
			*ret_ifindex = f->ifindex;
			return a;
		}
	}
	return NULL;
}
