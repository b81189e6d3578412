/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.h - programs that run in a node: commands, services, shells
 */
#ifndef LAB_PROCESS_H
#define LAB_PROCESS_H

#include <sys/types.h>

struct lc_err;
struct lc_node;
struct plan_service;

/**
 * process_spawn() - Start a shell line in a node's namespaces
 * @stdio:	Descriptors for 0, 1, 2; -1: /dev/null
 * @ret_pidfd:	A pidfd; the caller closes it
 *
 * In a process group of its own, with /sys showing the node's network
 * namespace, and the lab's nodes under their names in /run/netns.
 */
int process_spawn(struct lc_node *node, const char *command,
		  const int stdio[3], pid_t *ret_pid, int *ret_pidfd,
		  struct lc_err *err);

/** process_reset_signals() - In a child: as if nobody had touched any signal */
void process_reset_signals(void);

/**
 * process_enter() - In a child: into the namespaces of a node
 * @cwd:	Working directory, if there is one by that name
 *
 * node_open_mntns() must have been called.
 */
int process_enter(const struct lc_node *node, const char *cwd);

/** service_start() - Start a background command and wait until it is ready */
int service_start(struct lc_node *node, const struct plan_service *service,
		  struct lc_err *err);

/**
 * node_shell() - An interactive shell on the terminal; its exit status
 *
 * When the sandbox has ended, its parent calls terminal_reclaim(): the shell
 * has taken the terminal, and from inside a pid namespace nobody can give it
 * back to a process group outside.
 */
int node_shell(struct lc_node *node, struct lc_err *err);
void terminal_reclaim(void);

#endif
