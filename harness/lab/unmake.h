/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unmake.h - takes from a node what it has no more
 */
#ifndef LAB_UNMAKE_H
#define LAB_UNMAKE_H

struct plan_node;
struct rtnl;

/**
 * node_unmake() - Delete routes, neighbours, forwarding entries and
 *		  addresses that are no more
 * @before, @after: The node in the two plans
 *
 * Into the batch.  What went with an interface, or what steps have deleted, is
 * no error.
 */
void node_unmake(struct rtnl *rtnl, const struct plan_node *before,
		 const struct plan_node *after);

#endif
