/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policies.h - rules that choose a routing table
 */
#ifndef LAB_POLICIES_H
#define LAB_POLICIES_H

#include <stdbool.h>

struct lc_node;

/**
 * node_has_policies() - Whether a node has other rules than the kernel's own
 *
 * Then what it does with a packet may depend on all that the packet has, its
 * mark among it, and a look-up by destination tells nothing.  True as well if
 * the kernel doesn't say.
 */
bool node_has_policies(struct lc_node *node, int family);

#endif
