// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * share.c - what labs side by side take of what the machine has once
 *
 * All network namespaces share one table of neighbours, and where it is full
 * packets vanish.  The engine sees that, and then says that it could not
 * measure; but two labs that would pass one after the other had better not
 * make each other say so.  So the entries that each can need are counted
 * before it starts:
 *
 * - for each address each other one of its subnet,
 * - for each step one that nobody has,
 * - for each interface with IPv6 the groups that it speaks to.
 *
 * What is outside of the lab there is once as well: a scenario that adopts
 * namespaces, or that needs to be privileged, has the machine for itself.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "scenario/address.h"
#include "scenario/plan.h"
#include "share.h"

enum {
	KERNEL_LIMIT = 1024,	/* unless it is told otherwise */
	IPV6_GROUPS = 4,
};

/* Others than labs have neighbours, too */
uint64_t share_limit(void)
{
	static const char path[] =
		"/proc/sys/net/ipv4/neigh/default/gc_thresh3";
	FILE *file = fopen(path, "re");
	unsigned int limit = KERNEL_LIMIT;

	/* It is to be seen in the machine's own namespace alone */
	if (file) {
		if (fscanf(file, "%u", &limit) != 1 || !limit)
			limit = KERNEL_LIMIT;
		fclose(file);
	}
	return limit / 4 * 3;
}

static bool is_beyond(const struct plan *plan)
{
	const struct lc_list *requires = &plan->scenario->requires;

	for (uint32_t i = 0; i < requires->count; i++)
		if (!strcmp(requires->texts[i], "privileged"))
			return true;
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i].kind == NODE_ADOPTED)
			return true;
	return false;
}

static uint64_t neighbours_of(const struct plan *plan,
			      const struct plan_address *address,
			      uint64_t enough)
{
	uint64_t count = 0;

	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; i < plan->nodes[n].interface_count; i++) {
			const struct plan_interface *other =
				&plan->nodes[n].interfaces[i];

			for (size_t a = 0; a < other->address_count; a++)
				count += &other->addresses[a] != address &&
					 prefix_contains(
						 &address->ip, address->length,
						 &other->addresses[a].ip);
			if (count >= enough)
				return enough;
		}
	return count;
}

static uint64_t entries_of(const struct plan *plan, uint64_t enough)
{
	uint64_t count = plan->scenario->steps_count;

	for (size_t n = 0; n < plan->node_count && count < enough; n++)
		for (size_t i = 0; i < plan->nodes[n].interface_count; i++) {
			const struct plan_interface *interface =
				&plan->nodes[n].interfaces[i];

			count += interface->ipv6 ? IPV6_GROUPS : 0;
			for (size_t a = 0; a < interface->address_count &&
					   count < enough; a++)
				count += neighbours_of(
					plan, &interface->addresses[a],
					enough - count);
		}
	return count;
}

uint64_t share_of(const struct plan *plan, uint64_t limit)
{
	uint64_t most = 0;

	for (; plan && most < limit; plan = plan->next) {
		uint64_t count = is_beyond(plan) ? limit :
						   entries_of(plan, limit);

		most = count > most ? count : most;
	}
	return most < limit ? most : limit;
}
