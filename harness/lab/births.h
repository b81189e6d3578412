/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * births.h - the namespaces of a lab's nodes are made
 */
#ifndef LAB_BIRTHS_H
#define LAB_BIRTHS_H

struct lc_at;
struct lc_err;
struct lc_lab;
struct lc_node;
struct nursery;

/**
 * struct births - Births that are under way
 * @nursery:	What the midwife and we both see; NULL: no midwife
 * @midwife:	Her pidfd, or -1
 */
struct births {
	struct lc_lab *lab;
	struct nursery *nursery;
	int midwife;
};

/**
 * births_begin() - Begin to make the network namespaces of all nodes that are to
 * have one and are new
 * @ret_first:	A node that has its own already, and for which something can be
 *		done while others are born; NULL: none
 *
 * Return: 0 or, with @ret_at, as lab_build(); births_end() must follow either way
 */
int births_begin(struct births *births, struct lc_lab *lab,
		 struct lc_node **ret_first, struct lc_at *ret_at,
		 struct lc_err *err);

/** births_end() - Make the rest; with @ret_at, as lab_build() */
int births_end(struct births *births, struct lc_at *ret_at, struct lc_err *err);

#endif
