/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.h - the namespaces in which one scenario lives and dies
 */
#ifndef LAB_SANDBOX_H
#define LAB_SANDBOX_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct lc_err;

/**
 * struct sandbox - What its inside needs to know of its outside
 * @privileged:	No user namespace of its own; others' namespaces can be adopted
 * @root:	Root has started it
 * @host_proc:	The caller's /proc, opened before ours covered it; -1 unless
 *		@privileged
 * @host_netns:	The caller's /run/netns, or -1
 * @host_run:	The caller's /run, or -1
 * @host_net_id: Identity (inode) of the caller's own network namespace
 * @files:	The caller's limit of open files, which commands get back
 */
struct sandbox {
	bool privileged, root;
	int host_proc;
	int host_netns;
	int host_run;
	unsigned long host_net_id;
	struct rlimit files;
};

/**
 * sandbox_spawn() - Start a child that is the sandbox's first process
 * @main:	What it does; its return value is the exit status
 *
 * The child is pid 1 of a pid namespace of its own, in its own user (unless
 * @privileged), network and UTS namespaces; what programs need besides comes
 * with the first of them (furnish.h).  It is killed when the calling process dies,
 * and everything in it dies with it.
 *
 * It ignores SIGCHLD, so that whatever loses its parent in there is gone the
 * moment it ends; children are made by clone_child() and waited for by pidfd.
 *
 * @ret_pid is its pid and @ret_pidfd a pidfd of it.
 *
 * Return: 0, or -errno with @err: words that name the setting which forbids
 * it, and the ways out
 */
int sandbox_spawn(bool privileged,
		  int (*main)(const struct sandbox *sandbox, void *arg),
		  void *arg, pid_t *ret_pid, int *ret_pidfd,
		  struct lc_err *err);

#endif
