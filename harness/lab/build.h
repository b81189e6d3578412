/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build.h - the parts of building a lab
 */
#ifndef LAB_BUILD_H
#define LAB_BUILD_H

#include <stdbool.h>
#include <stddef.h>

struct lc_at;
struct lc_err;
struct lc_lab;
struct lc_node;
struct plan;
struct plan_interface;
struct plan_node;
struct rtnl;

/* What is there already (lab.h, @before) is left alone by all of them */

/** lab_make() - All of it but readiness and rules */
int lab_make(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

/** masters_build() - Make what of a node's interfaces takes ports; all are down */
int masters_build(struct lc_node *node, struct lc_at *ret_at,
		  struct lc_err *err);

/** links_build() - Make all other interfaces; all are down */
int links_build(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

/** interface_depth() - On how many others an interface stands */
size_t interface_depth(const struct plan *plan, const struct plan_node *node,
		       const struct plan_interface *interface);

/** ports_wait() - Whether a lab is one whose ports go up last */
bool ports_wait(const struct plan *plan);

/** port_waits() - Whether an interface is a port that nothing but its bridge
 * needs, and in such a lab goes up last */
bool port_waits(const struct plan_node *node,
		const struct plan_interface *interface);

/** interface_add_up() - Put into a node's batch that an interface goes up */
void interface_add_up(struct rtnl *rtnl, const struct plan_node *node,
		      const struct plan_interface *interface);

/** nodes_configure() - Up (but for ports that wait), addresses, neighbours,
 * routes; those of the plan before that are no more are deleted */
int nodes_configure(struct lc_lab *lab, struct lc_at *ret_at,
		    struct lc_err *err);

/** ports_up() - Those that have waited */
int ports_up(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

#endif
