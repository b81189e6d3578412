/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * births.h - the namespaces of a lab's nodes are made
 */
#ifndef LAB_BIRTHS_H
#define LAB_BIRTHS_H

struct lc_at;
struct lc_err;
struct lc_lab;

/** births() - Make the network namespaces of all nodes that are to have one and
 * are new; with @ret_at, as lab_build() */
int births(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

#endif
