/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mntns.h - what a node's commands see of the file system
 */
#ifndef LAB_MNTNS_H
#define LAB_MNTNS_H

struct lc_err;
struct lc_lab;
struct lc_node;

/**
 * node_open_mntns() - Make sure that node->mntns is open
 *
 * The first call for any node of a lab also puts the names of all its own
 * nodes into /run/netns.
 */
int node_open_mntns(struct lc_node *node, struct lc_err *err);

/** lab_name_new() - Put the names of nodes that have come there, if others are */
int lab_name_new(struct lc_lab *lab, struct lc_err *err);

/** node_unname() - Take a name away from there */
void node_unname(struct lc_node *node);

#endif
