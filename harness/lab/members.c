// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * members.c - which nodes a network of the lab connects
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "lab/lab.h"

static const struct plan_network *find(const struct plan *plan,
				       const char *name)
{
	for (size_t i = 0; i < plan->network_count; i++)
		if (!strcmp(plan->networks[i].name, name))
			return &plan->networks[i];
	return NULL;
}

int lc_lab_network(struct lc_lab *lab, const char *name,
		   struct lc_network *ret_network, struct lc_err *err)
{
	const struct plan *plan = lab->plan;
	const struct plan_network *network = find(plan, name);
	struct lc_member *members;
	size_t count = 0;

	if (!network)
		return lc_err_set(err, -ENOENT, "the lab has no network %s",
				  name);
	members = calloc(plan->endpoint_count + 1, sizeof(*members));
	if (!members)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &plan->endpoints[i];

		if (&plan->networks[e->network] == network)
			members[count++] = (struct lc_member){
				.node = &lab->nodes[e->node],
				.ip = e->ip, .ip6 = e->ip6,
			};
	}
	*ret_network = (struct lc_network){
		.gateway = network->gateway,
		.members = members,
		.member_count = count,
	};
	return 0;
}

void lc_network_done(struct lc_network *network)
{
	free(network->members);
	network->members = NULL;
}
