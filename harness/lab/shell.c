// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shell.c - an interactive shell in a node
 *
 * Job control needs the shell to lead a process group that is the terminal's
 * own one.  The group from which labcheck was started lies outside the pid
 * namespace and has no number in here, so it cannot be given back from inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/clone.h"
#include "lab/environment.h"
#include "lab/lab.h"
#include "lab/mntns.h"
#include "lab/process.h"

/* To give the terminal to somebody else is not for background processes: they
 * are stopped by SIGTTOU, unless they ignore it */
static void give_terminal(pid_t group)
{
	void (*before)(int) = signal(SIGTTOU, SIG_IGN);

	if (isatty(STDIN_FILENO))
		tcsetpgrp(STDIN_FILENO, group);
	signal(SIGTTOU, before);
}

void terminal_reclaim(void)
{
	give_terminal(getpgrp());
}

/* The user's own settings stay, but for where programs and switches are, and the
 * prompt */
static int set_environment(const struct lc_node *node)
{
	lc_auto(lc_free) char *path = environment_path();
	lc_auto(lc_free) char *folder = environment_openvswitch(node);
	char prompt[300];

	snprintf(prompt, sizeof(prompt), "%s# ", lc_node_name(node));
	if (!path || setenv("PATH", path, 1) || setenv("PS1", prompt, 1) ||
	    setenv("LABCHECK_NODE", lc_node_name(node), 1) ||
	    setenv("TMPDIR", "/run/tmp", 1))
		return -ENOMEM;
	if (folder && (setenv("OVS_RUNDIR", folder, 1) ||
		       setenv("OVS_DBDIR", folder, 1) ||
		       setenv("OVS_LOGDIR", folder, 1)))
		return -ENOMEM;
	return 0;
}

static _Noreturn void become_shell(const struct lc_node *node, const char *cwd)
{
	const char *shell = getenv("SHELL");

	if (!shell || access(shell, X_OK))
		shell = "/bin/sh";
	setpgid(0, 0);
	give_terminal(getpid());
	process_reset_signals();
	if (set_environment(node) || process_enter(node, cwd)) {
		fprintf(stderr, "labcheck: enter %s: %s\n", lc_node_name(node),
			strerror(errno));
		_exit(126);
	}
	execl(shell, shell, (char *)NULL);
	fprintf(stderr, "labcheck: %s: %s\n", shell, strerror(errno));
	_exit(127);
}

/* Its orphans end up with us, and are waited for on the way */
static int wait_for(pid_t shell)
{
	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED) < 0) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		if (info.si_pid != shell)
			continue;
		/* There is nobody to whom it could give way */
		if (info.si_code == CLD_STOPPED) {
			give_terminal(shell);
			kill(-shell, SIGCONT);
			continue;
		}
		return info.si_code == CLD_EXITED ? info.si_status :
						    128 + info.si_status;
	}
}

int node_shell(struct lc_node *node, struct lc_err *err)
{
	lc_auto(lc_close) int pidfd = -1;
	lc_auto(lc_free) char *cwd = NULL;
	int status;
	pid_t pid;

	status = node_open_mntns(node, err);
	if (status)
		return status;
	cwd = getcwd(NULL, 0);
	/* Its status is kept only as long as SIGCHLD is not ignored */
	signal(SIGCHLD, SIG_DFL);
	fflush(NULL);
	pid = clone_child(0, SIGCHLD, &pidfd);
	if (pid == 0)
		become_shell(node, cwd ? cwd : "/");
	status = pid < 0 ? pid : wait_for(pid);
	signal(SIGCHLD, SIG_IGN);
	if (status < 0)
		return lc_err_set(err, status, "a shell on %s: %s",
				  lc_node_name(node), strerror(-status));
	return status;
}
