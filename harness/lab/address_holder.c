// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_holder.c - who has an address, as the kernel knows it
 */
#include <stdlib.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "scenario/address.h"

bool node_has_address(struct lc_node *node, const struct lc_ip *ip)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (ip->family && ip_is_loopback(ip))
		return true;
	if (lc_node_addresses(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (ip_equal(&list[i].ip, ip))
			return true;
	return false;
}

struct lc_node *node_holding(struct lc_lab *lab, const struct lc_ip *ip)
{
	struct lc_node *holder = NULL;

	if (ip_is_loopback(ip))
		return NULL;
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (node->plan->kind == NODE_SHARED || node->netns < 0 ||
		    !node_has_address(node, ip))
			continue;
		if (holder)
			return NULL;
		holder = node;
	}
	return holder;
}
