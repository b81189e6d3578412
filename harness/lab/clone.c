// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clone.c - fork(2), with namespaces and a pidfd
 *
 * clone(2) and not clone3(2), which container managers' seccomp filters refuse
 * with ENOSYS since they can't look into its arguments.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/clone.h"

enum { DEATH_MS = 2000 };	/* for a killed process to be gone */

pid_t clone_child(unsigned long flags, int exit_signal, int *ret_pidfd)
{
	int pidfd = -1;
	long pid;

	flags |= CLONE_PIDFD | (unsigned long)exit_signal;
#ifdef __s390__
	pid = syscall(SYS_clone, NULL, flags, &pidfd, NULL, 0L);
#else
	pid = syscall(SYS_clone, flags, NULL, &pidfd, NULL, 0L);
#endif
	if (pid < 0)
		return -errno;
	if (pid > 0)
		*ret_pidfd = pidfd;
	return (pid_t)pid;
}

int clone_wait(int pidfd, int *ret_status)
{
	siginfo_t info = { 0 };
	int status;

	/* __WALL: a child without an exit signal is not waited for otherwise */
	while (waitid(ID_PIDFD, (id_t)pidfd, &info, WEXITED | __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	status = info.si_status;
	if (info.si_code != CLD_EXITED)
		status += 128;
	if (ret_status)
		*ret_status = status;
	return 0;
}

int pidfd_of(pid_t pid)
{
	long pidfd = syscall(SYS_pidfd_open, pid, 0);

	return pidfd < 0 ? -errno : (int)pidfd;
}

int pidfd_kill(int pidfd, int number)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0))
		return -errno;
	return 0;
}

int process_end(pid_t pid)
{
	lc_auto(lc_close) int pidfd = pidfd_of(pid);
	struct pollfd death = { .fd = pidfd, .events = POLLIN };
	int error = pidfd;

	if (pidfd >= 0)
		error = pidfd_kill(pidfd, SIGKILL);
	if (error)
		return error == -ESRCH ? 0 : error;
	return poll(&death, 1, DEATH_MS) == 0 ? -ETIMEDOUT : 0;
}
