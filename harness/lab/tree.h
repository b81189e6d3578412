/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - a process and all that descends from it
 */
#ifndef LAB_TREE_H
#define LAB_TREE_H

#include <sys/types.h>

struct lc_err;

/**
 * tree_kill() - End a minder, its command, and all that the command started
 * @minder:	A child of process_spawn()
 * @ret_ended:	Its exit status if it had ended by itself, else -1
 *
 * Other processes live on.  When it returns all are dead, and the minder has
 * been waited for.
 */
int tree_kill(pid_t minder, int pidfd, int *ret_ended, struct lc_err *err);

#endif
