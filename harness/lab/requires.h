/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requires.h - what a scenario needs of this machine
 */
#ifndef LAB_REQUIRES_H
#define LAB_REQUIRES_H

struct lc_err;
struct lc_list;
struct sandbox;

/**
 * requires_check() - Whether all of a scenario's `requires` are here
 *
 * Tried for real in the sandbox's own namespace, not read from a version.
 *
 * Return: 0, or -EOPNOTSUPP with what is missing in @err
 */
int requires_check(const struct lc_list *requires,
		   const struct sandbox *sandbox, struct lc_err *err);

#endif
