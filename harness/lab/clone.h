/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clone.h - fork(2), with namespaces and a pidfd
 */
#ifndef LAB_CLONE_H
#define LAB_CLONE_H

#include <sys/types.h>
#include <sys/wait.h>

/**
 * clone_child() - Make a copy of the calling process
 * @flags:	CLONE_NEW..., CLONE_FILES; nothing that shares memory
 * @exit_signal: SIGCHLD, or 0 for a child that only its pidfd tells of
 * @ret_pidfd:	A pidfd of the child, close-on-exec
 *
 * Return: 0 in the child, its pid in the parent, or -errno
 */
pid_t clone_child(unsigned long flags, int exit_signal, int *ret_pidfd);

/**
 * clone_wait() - Wait for the end of such a child
 * @ret_status:	Its exit status, 128 + N if signal N ended it; may be NULL
 *
 * Return: 0, or -errno
 */
int clone_wait(int pidfd, int *ret_status);

/** pidfd_of() - A pidfd of any process, or -errno */
int pidfd_of(pid_t pid);

/** pidfd_kill() - Send a signal; 0 or -errno */
int pidfd_kill(int pidfd, int number);

/**
 * process_end() - Kill any process, and see it dead
 *
 * The pidfd can't be a later process's of the same number: numbers go round, and
 * that takes as many processes as there are.
 *
 * Return: 0, also if it has ended already; -ETIMEDOUT, -errno
 */
int process_end(pid_t pid);

/* P_PIDFD of waitid(2), which older C libraries don't name */
#define ID_PIDFD ((idtype_t)3)

#endif
