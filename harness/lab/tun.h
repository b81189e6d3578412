/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tun.h - tap and tun interfaces, which rtnetlink can't make
 */
#ifndef LAB_TUN_H
#define LAB_TUN_H

struct lc_err;
struct lc_node;
struct plan_interface;

/**
 * tun_create() - Make a tap or tun interface that stays
 *
 * It has no carrier until a program on the node opens it.
 */
int tun_create(struct lc_node *node, const struct plan_interface *interface,
	       struct lc_err *err);

/** tun_missing() - Why there can be none here: -EOPNOTSUPP with @err, or 0 */
int tun_missing(const struct plan_interface *interface, struct lc_err *err);

#endif
