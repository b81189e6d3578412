/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on_link.h - who is on whose link, by the plan; pure
 */
#ifndef PROBE_NEIGHBOUR_ON_LINK_H
#define PROBE_NEIGHBOUR_ON_LINK_H

#include <stdint.h>

struct lc_ip;
struct lc_node;
struct plan_address;

/** on_link() - By which interface, and as whom, a node has an address on its link;
 * NULL: it has not */
const struct plan_address *on_link(const struct lc_node *node,
				   const struct lc_ip *ip,
				   uint32_t *ret_ifindex);

#endif
