/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mntns.h - what a node's commands see of the file system
 */
#ifndef LAB_MNTNS_H
#define LAB_MNTNS_H

struct lc_err;
struct lc_node;

/**
 * node_open_mntns() - Make sure that node->mntns is open
 *
 * The first call for any node of a lab also puts the names of all its own
 * nodes into /run/netns.
 */
int node_open_mntns(struct lc_node *node, struct lc_err *err);

#endif
