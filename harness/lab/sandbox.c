// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sandbox.c - the namespaces in which one scenario lives and dies
 *
 * All that a scenario makes hangs on one process, the sandbox's pid 1: its
 * death ends every process in its pid namespace, their end closes the last
 * descriptors of network namespaces, and mounts go with the mount namespace
 * that programs have (furnish.c).
 * So there is nothing to clean up, whoever is killed whenever; what is left to
 * see to is that pid 1 dies with the process that asked for it:
 *
 * - PR_SET_PDEATHSIG is forgotten at each change of credentials, so it is set
 *   last of all.
 * - The parent may have died before.  getppid() can't tell, since a parent
 *   outside the pid namespace is 0 anyway.  But the parent holds the other end
 *   of a socket pair until we have reported: if that is closed, it is dead.
 *
 * Over the same pair the parent says when the maps of the user namespace are
 * written, and the child how its set-up went.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/clone.h"
#include "lab/idmap.h"
#include "lab/refusal.h"
#include "lab/sandbox.h"

enum {
	NAMESPACES = CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWUTS,
	END_PARENT = 0,
	END_CHILD = 1,
};

/** struct birth - What the child needs to know */
struct birth {
	struct sandbox sandbox;
	int line;		/* to its parent */
	int (*main)(const struct sandbox *sandbox, void *arg);
	void *arg;
};

/** struct report - What the child tells when it is set up, or can't be */
struct report {
	int code;		/* 0, or -errno and @err */
	struct lc_err err;
};

/* Sanitizers' leak check, which an _exit() would leave out */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static int refused(const struct birth *birth, const char *what, int code,
		   struct lc_err *err)
{
	struct refusal refusal = {
		.what = what,
		.code = code,
		.root = birth->sandbox.root,
		.privileged = birth->sandbox.privileged,
	};

	return refusal_explain(&refusal, err);
}

/* What the caller does at a signal is nothing to do in here */
static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A node takes several descriptors, and labs have thousands of nodes */
static void raise_files(struct sandbox *sandbox)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &sandbox->files))
		return;
	files = sandbox->files;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

static int die_with_parent(int line)
{
	struct pollfd parent = { .fd = line };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -errno;
	if (poll(&parent, 1, 0) == 1 && parent.revents & POLLHUP)
		_exit(EXIT_FAILURE);
	return 0;
}

static int set_up(struct birth *birth, struct lc_err *err)
{
	char go;
	int error;

	reset_signals();
	umask(022);
	while (recv(birth->line, &go, sizeof(go), 0) != sizeof(go))
		if (errno != EINTR)
			_exit(EXIT_FAILURE);

	/* Where a user namespace gives no power (AppArmor), this is told so */
	if (sethostname("labcheck", strlen("labcheck")))
		return refused(birth, "set the host name", -errno, err);
	raise_files(&birth->sandbox);
	error = die_with_parent(birth->line);
	if (error)
		return refused(birth, "PR_SET_PDEATHSIG", error, err);
	return 0;
}

static __attribute__((noreturn)) void live(struct birth *birth)
{
	struct report report = { 0 };
	int status;

	report.code = set_up(birth, &report.err);
	if (send(birth->line, &report, sizeof(report), MSG_NOSIGNAL) < 0 ||
	    report.code)
		_exit(EXIT_FAILURE);
	lc_close(&birth->line);

	status = birth->main(&birth->sandbox, birth->arg);
	fflush(NULL);
	if (__lsan_do_recoverable_leak_check &&
	    __lsan_do_recoverable_leak_check())
		status = 66;
	_exit(status);
}

static void look_outside(struct sandbox *sandbox)
{
	struct stat self;

	sandbox->host_proc = sandbox->host_netns = sandbox->host_run = -1;
	sandbox->host_net_id = 0;
	if (!stat("/proc/self/ns/net", &self))
		sandbox->host_net_id = (unsigned long)self.st_ino;
	if (!sandbox->privileged)
		return;
	sandbox->host_proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	sandbox->host_run = open("/run", O_PATH | O_DIRECTORY | O_CLOEXEC);
	sandbox->host_netns =
		open("/run/netns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (sandbox->host_netns < 0)
		sandbox->host_netns = open("/var/run/netns",
					   O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Give the child its maps and hear how it fares */
static int raise_child(const struct birth *birth, int line, pid_t pid,
		       struct lc_err *err)
{
	struct report report;
	ssize_t n;
	int error;

	error = birth->sandbox.privileged ? 0 : idmap_write(pid);
	if (error)
		return refused(birth, "map users into the sandbox", error, err);
	if (send(line, "", 1, MSG_NOSIGNAL) < 0)
		return lc_err_set(err, -errno, "no sandbox: %s",
				  strerror(errno));
	do
		n = recv(line, &report, sizeof(report), 0);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(report))
		return lc_err_set(err, -ECHILD,
				  "no sandbox: its first process was killed");
	if (report.code)
		*err = report.err;
	return report.code;
}

static int spawn(struct birth *birth, int pair[2], pid_t *ret_pid,
		 int *ret_pidfd, struct lc_err *err)
{
	lc_auto(lc_close) int pidfd = -1;
	unsigned long flags = NAMESPACES;
	pid_t pid;
	int error;

	if (!birth->sandbox.privileged)
		flags |= CLONE_NEWUSER;
	/* What is buffered now must not be written by both */
	fflush(NULL);
	pid = clone_child(flags, SIGCHLD, &pidfd);
	if (pid < 0)
		return refused(birth, "make namespaces", pid, err);
	if (pid == 0) {
		close(pair[END_PARENT]);
		birth->line = pair[END_CHILD];
		live(birth);
	}
	/* With our copy closed, its death is the end of the line */
	lc_close(&pair[END_CHILD]);
	error = raise_child(birth, pair[END_PARENT], pid, err);
	if (error) {
		kill(pid, SIGKILL);
		clone_wait(pidfd, NULL);
		return error;
	}
	*ret_pid = pid;
	*ret_pidfd = lc_steal_fd(&pidfd);
	return 0;
}

int sandbox_spawn(bool privileged,
		  int (*main)(const struct sandbox *sandbox, void *arg),
		  void *arg, pid_t *ret_pid, int *ret_pidfd,
		  struct lc_err *err)
{
	struct birth birth = {
		.sandbox = {
			.privileged = privileged,
			.root = geteuid() == 0,
		},
		.main = main,
		.arg = arg,
	};
	struct lc_err unwanted;
	int pair[2], error;

	if (!err)
		err = &unwanted;
	if (privileged && !birth.sandbox.root)
		return lc_err_set(err, -EPERM,
				  "--privileged is for root; without it "
				  "labcheck needs no privileges");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return lc_err_set(err, -errno, "no sandbox: socketpair: %s",
				  strerror(errno));
	look_outside(&birth.sandbox);
	error = spawn(&birth, pair, ret_pid, ret_pidfd, err);
	lc_close(&pair[0]);
	lc_close(&pair[1]);
	lc_close(&birth.sandbox.host_proc);
	lc_close(&birth.sandbox.host_netns);
	lc_close(&birth.sandbox.host_run);
	return error;
}
