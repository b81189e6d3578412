/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - network namespaces: made, adopted, told apart
 */
#ifndef LAB_NETNS_H
#define LAB_NETNS_H

#include <stdbool.h>

struct lc_err;
struct lc_lab;
struct lc_node;

/** lab_open_home() - Remember the namespace that lab_leave() returns to */
int lab_open_home(struct lc_lab *lab, struct lc_err *err);

/** lab_resident() - The node that lives in that namespace; NULL: nobody */
const struct lc_node *lab_resident(const struct lc_lab *lab);

/** node_create() - Give a node a network namespace of its own, or (@at_home)
 * lodge it in the sandbox's; call lab_leave() after the last one */
int node_create(struct lc_node *node, bool at_home, struct lc_err *err);

/** node_adopt() - Look up the namespace that a node's `netns` names */
int node_adopt(struct lc_node *node, struct lc_err *err);

/** netns_owner() - The node whose namespace a node lives in: most often its
 * own */
struct lc_node *netns_owner(struct lc_node *node);

#endif
