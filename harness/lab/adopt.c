// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adopt.c - namespaces that labcheck did not make
 *
 * Where a name or a process is looked for depends on who we are.  A sandbox
 * has processes and a /run of its own; with --privileged those of the machine
 * are meant, by way of descriptors that were opened before ours covered them.
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

#include "lab.h"
#include "netns.h"
#include "sandbox.h"

/* The part of a path behind a folder, or NULL */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) ? NULL : path + length;
}

static int open_name(const struct sandbox *sandbox, const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (strchr(name, '/')) {
		errno = ENOENT;
		return -1;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
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

static int open_path(const struct sandbox *sandbox, const char *path)
{
	const char *rest;

	rest = below(path, "/proc/");
	if (rest)
		return open_proc(sandbox, rest);
	rest = below(path, "/run/netns/");
	if (!rest)
		rest = below(path, "/var/run/netns/");
	if (rest)
		return open_name(sandbox, rest);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_pid(struct lc_node *node, const char *text)
{
	char path[64];
	char *end;
	long pid;
	int fd;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (errno || *end || end == text || pid <= 0 || pid > INT_MAX) {
		errno = EINVAL;
		return -1;
	}
	snprintf(path, sizeof(path), "%ld/ns/net", pid);
	fd = open_proc(node->lab->sandbox, path);
	if (fd >= 0)
		node->adopted_pid = pid;
	return fd;
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

static int open_netns(struct lc_node *node, struct lc_err *err)
{
	const struct sandbox *sandbox = node->lab->sandbox;
	const char *said = node->plan->netns;
	const char *rest;
	int fd;

	if (below(said, "docker:"))
		return lc_err_set(err, -EOPNOTSUPP,
				  "node %s: `netns: %s` is not built yet",
				  node->plan->name, said);
	if (!strcmp(said, "pid:1") && !sandbox->privileged)
		return lc_err_set(err, -EPERM,
				  "node %s: `netns: pid:1` needs --privileged",
				  node->plan->name);
	rest = below(said, "pid:");
	if (rest)
		fd = open_pid(node, rest);
	else if (*said == '/')
		fd = open_path(sandbox, said);
	else
		fd = open_name(sandbox, said);
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
	lc_auto(lc_close) int fd = -1;
	int r;

	fd = open_netns(node, err);
	if (fd < 0)
		return lc_steal_fd(&fd);
	r = verify_netns(node, fd, err);
	if (r)
		return r;
	/* Better told now than by whatever is first done inside */
	if (setns(fd, CLONE_NEWNET))
		return not_opened(node, errno, err);
	lab_leave(node->lab);
	node->netns = lc_steal_fd(&fd);
	return 0;
}
