/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docker.h - how the Docker of a host is set up
 */
#ifndef SCENARIO_DOCKER_H
#define SCENARIO_DOCKER_H

#include "expand.h"

enum {
	DOCKER_OLD = 20,
	DOCKER_NEW = 28,	/* from here on: MAC addresses that tell nothing,
				 * no way to containers past their host */
};

/** struct docker - A host's `docker`, with its defaults */
struct docker {
	unsigned int version;
	bool userland_proxy;
	bool icc;			/* of the network `bridge` */
	bool ip_forward_before;
};

struct docker docker_of(const struct expansion *e, uint32_t host);

#endif
