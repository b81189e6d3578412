// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process.c - starts a shell line in a node's namespaces
 *
 * Between the sandbox's first process and the shell stands a minder.  It is
 * the reaper of all that descends from the command (PR_SET_CHILD_SUBREAPER),
 * so that what a command has started, however well it hides, can be found and
 * ended with it (tree.c); and when the command ends by itself the minder goes
 * too, and daemons that were left behind on purpose become the first process's
 * own.  It also remembers how the command ended: the sandbox ignores SIGCHLD,
 * and a status is kept only of children without an exit signal, which execve()
 * would give back to the shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/clone.h"
#include "lab/environment.h"
#include "lab/lab.h"
#include "lab/mntns.h"
#include "lab/process.h"
#include "lab/sandbox.h"

/** struct start - What the minder needs to know */
struct start {
	const struct lc_node *node;
	const char *command;
	const int *stdio;
	char **environment;
	const char *cwd;
	int failure;		/* where to tell what went wrong */
};

/** struct failure - What went wrong before the shell ran */
struct failure {
	int error;		/* errno */
	char what[32];
};

static _Noreturn void fail(const struct start *start, const char *what)
{
	struct failure failure = { .error = errno };

	strncpy(failure.what, what, sizeof(failure.what) - 1);
	if (write(start->failure, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* All are moved out of the way first: they may be each other's numbers */
static void connect_stdio(const struct start *start)
{
	int fds[3];

	for (int i = 0; i < 3; i++) {
		int fd = start->stdio[i];

		if (fd < 0)
			fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (fds[i] < 0)
			fail(start, "standard input and output");
	}
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			fail(start, "standard input and output");
}

void process_reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int process_enter(const struct lc_node *node, const char *cwd)
{
	const struct rlimit *files = &node->lab->sandbox->files;

	if (setns(node->netns, CLONE_NEWNET) || setns(node->mntns, CLONE_NEWNS))
		return -errno;
	/* An adopted process may see other files than we do */
	if (chdir(cwd) && chdir("/"))
		return -errno;
	if (files->rlim_cur)
		setrlimit(RLIMIT_NOFILE, files);
	return 0;
}

static _Noreturn void become_shell(const struct start *start)
{
	const char *const arguments[] = { "sh", "-c", start->command, NULL };

	if (setsid() < 0)
		fail(start, "setsid");
	execve("/bin/sh", (char *const *)arguments, start->environment);
	fail(start, "/bin/sh");
}

static _Noreturn void mind(const struct start *start)
{
	int status;
	pid_t shell, pid;

	process_reset_signals();
	connect_stdio(start);
	if (process_enter(start->node, start->cwd))
		fail(start, "enter the node");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		fail(start, "PR_SET_CHILD_SUBREAPER");
	shell = fork();
	if (shell < 0)
		fail(start, "fork");
	if (shell == 0)
		become_shell(start);
	close_range(0, ~0U, 0);
	do
		pid = waitpid(-1, &status, 0);
	while (pid != shell && (pid >= 0 || errno == EINTR));
	if (pid != shell)
		_exit(126);
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				    WEXITSTATUS(status));
}

/* 0 when the shell runs: its end of the pipe is closed then */
static int hear_failure(const struct lc_node *node, int fd, struct lc_err *err)
{
	struct failure failure;
	ssize_t n;

	do
		n = read(fd, &failure, sizeof(failure));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(failure))
		return 0;
	failure.what[sizeof(failure.what) - 1] = '\0';
	/* Whatever it was, it says nothing about the lab */
	return lc_err_set(err, -ENOEXEC, "run a command on %s: %s: %s",
			  lc_node_name(node), failure.what,
			  strerror(failure.error));
}

static int spawn(struct start *start, pid_t *ret_pid, int *ret_pidfd,
		 struct lc_err *err)
{
	lc_auto(lc_close) int pidfd = -1;
	int pipe[2], error;
	pid_t pid;

	if (pipe2(pipe, O_CLOEXEC))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	start->failure = pipe[1];
	pid = clone_child(0, 0, &pidfd);
	if (pid == 0)
		mind(start);
	close(pipe[1]);
	if (pid < 0)
		error = lc_err_set(err, pid, "start a process: %s",
				   strerror(-pid));
	else
		error = hear_failure(start->node, pipe[0], err);
	close(pipe[0]);
	if (error) {
		if (pid > 0)
			clone_wait(pidfd, NULL);
		return error;
	}
	*ret_pid = pid;
	*ret_pidfd = lc_steal_fd(&pidfd);
	return 0;
}

int process_spawn(struct lc_node *node, const char *command,
		  const int stdio[3], pid_t *ret_pid, int *ret_pidfd,
		  struct lc_err *err)
{
	lc_auto(environment_free) char **environment = NULL;
	lc_auto(lc_free) char *cwd = NULL;
	struct start start = {
		.node = node,
		.command = command,
		.stdio = stdio,
	};
	int error;

	node->lab->altered = true;
	error = node_open_mntns(node, err);
	if (error)
		return error;
	start.environment = environment = environment_make(node);
	start.cwd = cwd = getcwd(NULL, 0);
	if (!environment)
		return lc_err_set(err, -ENOMEM, "out of memory");
	if (!start.cwd)
		start.cwd = "/";
	return spawn(&start, ret_pid, ret_pidfd, err);
}
