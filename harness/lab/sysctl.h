/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysctl.h - a node's settings below /proc/sys
 */
#ifndef LAB_SYSCTL_H
#define LAB_SYSCTL_H

#include <stdbool.h>

struct lc_at;
struct lc_err;
struct lc_lab;
struct lc_node;
struct sysctl_writer;

/**
 * sysctl_prepare() - See to it that the settings of many nodes are written fast
 *
 * To be called before there are nodes.  Where it is refused, what is left of the
 * building works all the same.
 */
void sysctl_prepare(struct lc_lab *lab);

/** sysctl_begin() - Begin to write settings of a lab's nodes; it aborts if there is
 * no memory */
struct sysctl_writer *sysctl_begin(struct lc_lab *lab);

/**
 * sysctl_apply() - Write what the plan says for a node, which is entered
 * @interfaces:	false: what holds for a whole namespace, or for interfaces
 *		made later (conf/default); true: what names an interface
 */
int sysctl_apply(struct sysctl_writer *writer, struct lc_node *node,
		 bool interfaces, struct lc_at *ret_at, struct lc_err *err);

/** sysctl_end() - Come home, and free the writer */
void sysctl_end(struct sysctl_writer *writer);

#endif
