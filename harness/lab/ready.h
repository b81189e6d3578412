/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ready.h - when links pass traffic
 */
#ifndef LAB_READY_H
#define LAB_READY_H

struct lc_at;
struct lc_err;
struct lc_lab;
struct lc_node;

/** lab_ready() - Wait until all that the plan has up can be used */
int lab_ready(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

/**
 * node_settle() - Wait until the kernel has followed up every change of state
 *
 * That is: until each interface that has a carrier is up, and each that has
 * none is not.
 */
int node_settle(struct lc_node *node, struct lc_err *err);

/** lab_settle() - The same for all nodes, after a command that may have changed
 * anything; as far as it gets */
void lab_settle(struct lc_lab *lab);

#endif
