/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inhabitants.h - the processes that run on a node
 */
#ifndef LAB_INHABITANTS_H
#define LAB_INHABITANTS_H

struct lc_err;
struct lc_node;

/**
 * node_end() - End all that runs on a node
 *
 * Services, commands that are still running, daemons that they left behind.
 * When it returns, all are dead.
 */
int node_end(struct lc_node *node, struct lc_err *err);

/** netns_end() - End all that is in the network namespace of a node */
int netns_end(struct lc_node *node, struct lc_err *err);

#endif
