/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_way.h - where an interface leads: to its other end, or to the one below
 */
#ifndef LAB_LINK_WAY_H
#define LAB_LINK_WAY_H

struct lc_err;
struct lc_link;
struct lc_node;

/**
 * link_other_end() - The other end of a veth, wherever it is by now
 *
 * Return: 0; -ENODEV if it is on no node of the lab, or on one that nobody has
 * looked at yet
 */
int link_other_end(struct lc_node *node, const struct lc_link *link,
		   struct lc_node **ret_node, struct lc_link *ret_end,
		   struct lc_err *err);

/** link_below() - The interface that a VLAN, a macvlan and the like send
 * through; return as link_other_end() */
int link_below(struct lc_node *node, const struct lc_link *link,
	       struct lc_node **ret_node, struct lc_link *ret_below,
	       struct lc_err *err);

#endif
