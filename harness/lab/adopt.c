// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adopt.c - namespaces that labcheck did not make
 *
 * Where a name or a process is looked for depends on who we are.  A sandbox
 * has processes and a /run of its own; with --privileged those of the machine
 * are meant, by way of descriptors that were opened before ours covered them.
 *
 * What is behind a name changes: a container that was restarted has another
 * namespace, and a namespace that is held open does not go when it is deleted.
 * So whoever is about to run a step asks first whether it still is the one.
 *
 * The machine's own network namespace is never one of the lab's by accident:
 * whatever path leads to it, it is known by its inode.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <linux/nsfs.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/docker.h"
#include "lab/furnish.h"
#include "lab/lab.h"
#include "lab/netns.h"
#include "lab/sandbox.h"

/* The part of a path behind a folder, or NULL */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) ? NULL : path + length;
}

/* A node of the lab itself, which has its name in /run/netns once a program
 * runs; -1 with errno */
static int open_node(struct lc_lab *lab, const char *name)
{
	int number = plan_node_find(lab->plan, name);
	const struct lc_node *node = number < 0 ? NULL : &lab->nodes[number];

	if (!node || node->plan->kind != NODE_OWN || node->netns < 0) {
		errno = ENOENT;
		return -1;
	}
	return fcntl(node->netns, F_DUPFD_CLOEXEC, 0);
}

static int open_name(struct lc_lab *lab, const char *name)
{
	const struct sandbox *sandbox = lab->sandbox;
	char path[PATH_MAX];
	int fd;

	if (strchr(name, '/')) {
		errno = ENOENT;
		return -1;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fd = open_node(lab, name);
	if (fd < 0 && errno == ENOENT && sandbox->host_netns >= 0)
		fd = openat(sandbox->host_netns, name, O_RDONLY | O_CLOEXEC);
	return fd;
}

/* Something below /proc: the machine's, if we are privileged */
static int open_proc(const struct sandbox *sandbox, const char *what)
{
	char path[PATH_MAX];

	if (sandbox->host_proc >= 0)
		return openat(sandbox->host_proc, what, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%s", what);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_path(struct lc_lab *lab, const char *path)
{
	const struct sandbox *sandbox = lab->sandbox;
	const char *rest;

	rest = below(path, "/proc/");
	if (rest)
		return open_proc(sandbox, rest);
	rest = below(path, "/run/netns/");
	if (!rest)
		rest = below(path, "/var/run/netns/");
	if (rest)
		return open_name(lab, rest);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* By its folder, which is that of no later process of the same number */
static int open_process(const struct sandbox *sandbox, long pid, bool outside,
			int *ret_process)
{
	lc_auto(lc_close) int process = -1;
	char path[64];
	int fd;

	if (outside) {
		snprintf(path, sizeof(path), "%ld", pid);
		process = openat(sandbox->host_proc, path,
				 O_PATH | O_DIRECTORY | O_CLOEXEC);
	} else {
		snprintf(path, sizeof(path), "/proc/%ld", pid);
		process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	if (process < 0)
		return -1;
	fd = openat(process, "ns/net", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		*ret_process = lc_steal_fd(&process);
	return fd;
}

static int open_pid(const struct sandbox *sandbox, const char *text,
		    int *ret_process)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (errno || *end || end == text || pid <= 0 || pid > INT_MAX) {
		errno = EINVAL;
		return -1;
	}
	return open_process(sandbox, pid, sandbox->host_proc >= 0,
			    ret_process);
}

static int open_container(const struct lc_node *node, const char *container,
			  int *ret_process, struct lc_err *err)
{
	const struct sandbox *sandbox = node->lab->sandbox;
	bool outside;
	pid_t pid;
	int fd, r;

	r = docker_find(sandbox, container, &pid, &outside, err);
	if (r)
		return lc_err_prefix(err, r, "node %s: `netns: %s`",
				     node->plan->name, node->plan->netns);
	fd = open_process(sandbox, pid, outside, ret_process);
	if (fd >= 0)
		return fd;
	return lc_err_set(err, errno == EPERM || errno == EACCES ? -EPERM :
								   -ENOENT,
			  "node %s: `netns: %s`: its process %d: %s",
			  node->plan->name, node->plan->netns, (int)pid,
			  strerror(errno));
}

/*
 * Not there: whoever was to make it forgot to.  But of processes a sandbox sees
 * its own alone, so one that is not there may well be outside.
 */
static int not_opened(const struct lc_node *node, int error,
		      struct lc_err *err)
{
	bool privileged = node->lab->sandbox->privileged;
	const char *hint = privileged ? "" : "; it needs --privileged";
	const char *said = node->plan->netns;
	const char *name = node->plan->name;

	if (error == EPERM || error == EACCES)
		return lc_err_set(err, -EPERM, "node %s: `netns: %s`: %s%s",
				  name, said, strerror(error), hint);
	if (error != ENOENT && error != ESRCH && error != ENOTDIR)
		return lc_err_set(err, -EIO, "node %s: `netns: %s`: %s", name,
				  said, strerror(error));
	if (!privileged && (below(said, "pid:") || below(said, "/proc/")))
		return lc_err_set(err, -EPERM,
				  "node %s: `netns: %s`: no such process in "
				  "the lab; one outside of it needs "
				  "--privileged", name, said);
	return lc_err_set(err, -ENOENT,
			  "there is no network namespace `%s` (node %s)", said,
			  name);
}

static int open_netns(const struct lc_node *node, int *ret_process,
		      struct lc_err *err)
{
	const struct sandbox *sandbox = node->lab->sandbox;
	const char *said = node->plan->netns;
	const char *rest;
	int fd;

	rest = below(said, "docker:");
	if (rest)
		return open_container(node, rest, ret_process, err);
	if (!strcmp(said, "pid:1") && !sandbox->privileged)
		return lc_err_set(err, -EPERM,
				  "node %s: `netns: pid:1` needs --privileged",
				  node->plan->name);
	rest = below(said, "pid:");
	if (rest)
		fd = open_pid(sandbox, rest, ret_process);
	else if (*said == '/')
		fd = open_path(node->lab, said);
	else
		fd = open_name(node->lab, said);
	return fd >= 0 ? fd : not_opened(node, errno, err);
}

/* The one in which the sandbox's first process lives */
static bool is_home(const struct lc_lab *lab, const struct stat *other)
{
	struct stat home;

	return !fstat(lab->home, &home) && home.st_dev == other->st_dev &&
	       home.st_ino == other->st_ino;
}

/*
 * A name in /run/netns is an empty file until `ip netns add` has mounted the
 * namespace on it, and after the machine's have been unmounted.
 */
static int verify_netns(struct lc_node *node, int fd, struct lc_err *err)
{
	const struct sandbox *sandbox = node->lab->sandbox;
	const char *said = node->plan->netns;
	struct stat stat;

	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET)
		return lc_err_set(err, -ENOENT,
				  "`%s` (node %s) is no network namespace",
				  said, node->plan->name);
	if (fstat(fd, &stat))
		return lc_err_set(err, -errno, "node %s: %s", node->plan->name,
				  strerror(errno));
	if (stat.st_ino == sandbox->host_net_id && !sandbox->privileged)
		return lc_err_set(err, -EPERM,
				  "node %s: `%s` is the machine's own network; "
				  "it needs --privileged", node->plan->name,
				  said);
	if (is_home(node->lab, &stat))
		return lc_err_set(err, -EPERM,
				  "node %s: `%s` is labcheck's own namespace, "
				  "and no node's", node->plan->name, said);
	return 0;
}

int node_adopt(struct lc_node *node, struct lc_err *err)
{
	lc_auto(lc_close) int process = -1;
	lc_auto(lc_close) int fd = -1;
	int r;

	/* In its name processes and files are those of the sandbox */
	r = lab_furnish(node->lab, err);
	if (r)
		return r;
	fd = open_netns(node, &process, err);
	if (fd < 0)
		return lc_steal_fd(&fd);
	r = verify_netns(node, fd, err);
	if (r)
		return r;
	/* Better told now than by whatever is first done inside */
	if (setns(fd, CLONE_NEWNET))
		return not_opened(node, errno, err);
	lab_leave(node->lab);
	node->process = lc_steal_fd(&process);
	node->netns = lc_steal_fd(&fd);
	return 0;
}

/*
 * That a process lives is enough to know that its container is the same one:
 * asking its daemon before each step would take longer than most steps.
 */
bool node_is_current(const struct lc_node *node)
{
	lc_auto(lc_close) int process = -1;
	lc_auto(lc_close) int fd = -1;
	struct stat held, found;

	if (node->netns < 0)
		return true;
	if (node->process >= 0)
		fd = openat(node->process, "ns/net", O_RDONLY | O_CLOEXEC);
	else
		fd = open_netns(node, &process, NULL);
	return fd >= 0 && !fstat(fd, &found) && !fstat(node->netns, &held) &&
	       found.st_dev == held.st_dev && found.st_ino == held.st_ino;
}
