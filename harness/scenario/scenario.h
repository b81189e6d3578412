/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - what a scenario file says, as it says it
 *
 * Filled by libcyaml after the tables in language.c, each value then read
 * strictly (value.c).  Nothing here is expanded: see plan.h for what comes out
 * of it.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <labcheck/check.h>
#include <labcheck/node.h>
#include <labcheck/schema.h>

#include "source.h"

struct lc_problems;

struct link_said {
	struct lc_at at;
	struct lc_list endpoints;
	const struct lc_scalar *mtu, *delay, *jitter, *loss, *rate;
};

struct aux_said {
	struct lc_at at;
	struct lc_value name, address;
};

struct pool_said {				/* one of a network's `ipam` */
	struct lc_at at;
	struct lc_value subnet, ip_range, gateway;
	struct aux_said *aux_addresses;
	uint32_t aux_addresses_count;
};

struct network_said {
	struct lc_at at;
	struct lc_scalar name, driver, on;
	struct lc_value subnet, ip_range, gateway;
	struct lc_scalar bridge, icc, masquerade, internal, dns, ipv6, mtu;
	struct lc_scalar parent, mode;		/* macvlan */
	struct lc_scalar vni;			/* overlay */
	struct aux_said *aux_addresses;
	uint32_t aux_addresses_count;
	struct pool_said *ipam;
	uint32_t ipam_count;
};

struct capture_said {			/* of a step's `capture` */
	struct lc_at at;
	struct lc_value on, filter, packets;
};

struct step_said {
	struct lc_at at;
	struct lc_scalar name, within, for_, arrives, family, points, hint,
			 todo, needs;
	struct capture_said *capture;
	uint32_t capture_count;
	void *verbs[LC_CHECKS_MAX];	/* as in lc_checks[]; one is not NULL */
	const struct lc_check *check;	/* which one; set once all is verified */
	void *params;
	char *title;			/* its name, or the verb's sentence */
};

struct scenario {
	struct lc_at at;
	const char *path;			/* of its file, as it was given */
	struct lc_value name, description;
	struct lc_list requires, tags;
	struct network_said *networks;
	uint32_t networks_count;
	struct node_said *nodes;
	uint32_t nodes_count;
	struct link_said *links;
	uint32_t links_count;
	struct step_said *steps;
	uint32_t steps_count;
};

enum { DRIVER_BRIDGE, DRIVER_OVERLAY, DRIVER_MACVLAN };

/* The tables (language.c) */
extern const struct lc_field scenario_fields[];
extern const struct lc_field step_fields[];	/* without the verbs */

/**
 * struct loaded - A scenario with all that it points into
 * @scenario:	NULL if the file can not be read as one.  If it has errors, what
 *		is wrong is not in it: any text can be NULL, and any list short
 * @lab_whole:	Nothing of networks, nodes and links was left out; else the
 *		problems are marked `partial`, and plan_make() does not miss what
 *		may be among what was
 */
struct loaded {
	struct source source;
	struct arena *arena;
	struct heap *heap;
	struct scenario *scenario;
	bool lab_whole;
};

/**
 * scenario_load() - Read, verify and bind one file
 * @problems:	All that is wrong with it
 *
 * Pure but for reading the file.  Return: 0; -EINVAL when problems->errors is
 * not 0; another -errno with @err set when the file can't be read at all.
 */
int scenario_load(struct loaded *loaded, const char *path,
		  struct lc_problems *problems, struct lc_err *err);
void loaded_done(struct loaded *loaded);

#endif
