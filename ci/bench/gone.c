// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gone.c - run a command, and wait until its network namespaces are gone
 *
 *	gone COMMAND...
 *
 * The kernel takes namespaces down on its own time, when their last process is
 * long gone, and nobody is told.  But it counts them for each user namespace
 * until there is nothing left of them: with a limit of one, a new one is to be
 * had only when there is no other.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void die(const char *what)
{
	fprintf(stderr, "gone: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

/* We are root in there, whoever we are outside */
static void enter_user_namespace(void)
{
	char user[64], group[64];

	snprintf(user, sizeof(user), "0 %u 1", geteuid());
	snprintf(group, sizeof(group), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER))
		die("a user namespace");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", user);
	write_file("/proc/self/gid_map", group);
}

static int run(char **argv)
{
	int status;
	pid_t pid;

	errno = posix_spawnp(&pid, *argv, NULL, NULL, argv, environ);
	if (errno || waitpid(pid, &status, 0) != pid)
		die(*argv);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static void wait_until_gone(void)
{
	const struct timespec pause = { .tv_nsec = 500000 };

	write_file("/proc/sys/user/max_net_namespaces", "1");
	while (unshare(CLONE_NEWNET)) {
		if (errno != ENOSPC)
			die("a network namespace");
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 2)
		return 2;
	enter_user_namespace();
	status = run(argv + 1);
	wait_until_gone();
	return status;
}
