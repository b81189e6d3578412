/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policies.h - rules that choose a routing table
 */
#ifndef LAB_POLICIES_H
#define LAB_POLICIES_H

#include <stdbool.h>

struct lc_node;

/**
 * enum policies - Which rules a node has
 * @POLICIES_OWN: Those of the kernel alone: the destination decides
 * @POLICIES_SEEN: Others too; all that they look at can be seen of a packet
 * @POLICIES_HIDDEN: Some look at what can't: a mark, a user
 */
enum policies { POLICIES_OWN, POLICIES_SEEN, POLICIES_HIDDEN };

/** node_policies() - Also POLICIES_HIDDEN if the kernel doesn't say */
enum policies node_policies(struct lc_node *node, int family);

/**
 * node_has_policies() - Whether a node has other rules than the kernel's own
 *
 * Then what it does with a packet may depend on all that the packet has, its
 * mark among it, and a look-up by destination tells nothing.  True as well if
 * the kernel doesn't say.
 */
bool node_has_policies(struct lc_node *node, int family);

#endif
