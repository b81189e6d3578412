// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * docker.c - how the Docker of a host is set up
 *
 * Its daemon's own options, and what it found on the host when it came.  Which
 * node speaks for a host: the host itself, not one that shares its namespace.
 */
#include <labcheck/check.h>

#include "docker.h"

static bool flag_or(const struct lc_scalar *said, bool other)
{
	return lc_given(said) ? said->flag : other;
}

struct docker docker_of(const struct expansion *e, uint32_t host)
{
	const struct node_said *node;
	const struct docker_said *said;
	struct docker docker = {
		.version = DOCKER_OLD, .userland_proxy = true, .icc = true,
	};

	node = host == NO_NODE ? NULL : e->made[host].said;
	said = node ? node->docker : NULL;
	if (!said)
		return docker;
	if (lc_given(&said->version))
		docker.version = (unsigned int)said->version.number;
	docker.userland_proxy = flag_or(&said->userland_proxy, true);
	docker.icc = flag_or(&said->icc, true);
	docker.ip_forward_before = said->ip_forward_before.flag;
	return docker;
}
