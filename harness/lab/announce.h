/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * announce.h - interfaces that tell their neighbours of themselves
 */
#ifndef LAB_ANNOUNCE_H
#define LAB_ANNOUNCE_H

#include "scenario/plan.h"

struct lc_err;
struct lc_lab;
struct lc_node;

/** interface_announce() - If the plan says so: an unsolicited ARP request for
 * each IPv4 address.  The interface must be ready */
int interface_announce(struct lc_node *node,
		       const struct plan_interface *interface,
		       struct lc_err *err);

/** lab_announce() - Those of the whole lab */
int lab_announce(struct lc_lab *lab, struct lc_at *ret_at,
		 struct lc_err *err);

#endif
