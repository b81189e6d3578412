/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openvswitch.h - switches that are programs
 */
#ifndef LAB_OPENVSWITCH_H
#define LAB_OPENVSWITCH_H

struct lc_at;
struct lc_err;
struct lc_lab;
struct lc_node;

/**
 * openvswitch_missing() - What this machine lacks to run one
 *
 * Return: 0: nothing, or -EOPNOTSUPP with @err
 */
int openvswitch_missing(struct lc_err *err);

/**
 * openvswitch_start() - Start the switches of a node, if it has any
 *
 * All ports are in them when it returns.
 *
 * Return: 0; -EOPNOTSUPP with @err when the machine lacks them; another -errno
 * with @err, which has the program's own words.  @ret_at then is the place in
 * the file.
 */
int openvswitch_start(struct lc_node *node, struct lc_at *ret_at,
		      struct lc_err *err);

/** openvswitch_start_all() - Those of all nodes that are new (lab.h) */
int openvswitch_start_all(struct lc_lab *lab, struct lc_at *ret_at,
			  struct lc_err *err);

#endif
