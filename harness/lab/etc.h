/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * etc.h - what programs of a node find in /etc about names
 */
#ifndef LAB_ETC_H
#define LAB_ETC_H

#include <limits.h>

struct lc_err;
struct lc_lab;
struct lc_node;
struct plan;
struct plan_node;

/** etc_make() - Write a node's files, if they are not there: what etc_mount()
 * then shows */
int etc_make(const struct lc_node *node, struct lc_err *err);

/**
 * etc_mount() - Show them in the mount namespace that we are in
 * @ret_what:	When it fails: what was refused
 *
 * Return: 0, or -errno
 */
int etc_mount(const struct lc_node *node, const char **ret_what);

/**
 * etc_advance() - The lab has gone on from @before: write anew what differs
 *
 * Programs that look again find it; those of Docker's containers have to, too.
 */
int etc_advance(struct lc_lab *lab, const struct plan *before,
		struct lc_err *err);

/** etc_path() - Where a node's file of that name is written */
void etc_path(const struct plan_node *node, const char *name,
	      char path[PATH_MAX]);

#endif
