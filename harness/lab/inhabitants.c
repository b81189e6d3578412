// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inhabitants.c - the processes that run on a node
 *
 * Whatever a node's commands have started, and however it was left behind, it
 * is in the node's mount namespace, where all of them begin; or it has made one
 * of its own, and is found in the network namespace once nobody lives there any
 * more.  Processes may be made while we look, so it is done again until none is
 * found alive.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/clone.h"
#include "lab/inhabitants.h"
#include "lab/lab.h"

enum { ROUNDS_MAX = 1000 };

/** struct home - The namespace by which those are known that live there */
struct home {
	const char *kind;		/* mnt, net */
	struct stat stat;
};

static void dir_close(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool is_at_home(int proc, const char *pid, const struct home *home)
{
	struct stat stat;
	char path[32];

	snprintf(path, sizeof(path), "%.16s/ns/%s", pid, home->kind);
	return !fstatat(proc, path, &stat, 0) &&
	       stat.st_dev == home->stat.st_dev &&
	       stat.st_ino == home->stat.st_ino;
}

/* Return: how many were found alive, or -errno */
static int end_round(const struct home *home)
{
	lc_auto(dir_close) DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int alive = 0, error = 0;

	if (!proc)
		return -errno;
	while (!error && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)*entry->d_name) ||
		    !is_at_home(dirfd(proc), entry->d_name, home))
			continue;
		alive++;
		error = process_end((pid_t)atoi(entry->d_name));
	}
	return error ?: alive;
}

static int end_all(const struct lc_node *node, const char *kind, int fd,
		   struct lc_err *err)
{
	struct home home = { .kind = kind };
	int alive = -EBUSY;

	/* No program has run yet, and /proc shows who is none of ours */
	if (!node->lab->furnished)
		return 0;
	if (fstat(fd, &home.stat))
		return lc_err_set(err, -errno, "%s namespace of %s: %s", kind,
				  node->plan->name, strerror(errno));
	for (int round = 0; round < ROUNDS_MAX && alive; round++) {
		alive = end_round(&home);
		if (alive < 0)
			break;
	}
	if (alive)
		return lc_err_set(err, alive < 0 ? alive : -EBUSY,
				  "what runs on %s can't be ended: %s",
				  node->plan->name,
				  strerror(alive < 0 ? -alive : EBUSY));
	return 0;
}

/* Where no mount namespace was needed, no command ever ran.  That of an adopted
 * node is somebody else's */
int node_end(struct lc_node *node, struct lc_err *err)
{
	if (node->mntns < 0 || node->process >= 0)
		return 0;
	return end_all(node, "mnt", node->mntns, err);
}

int netns_end(struct lc_node *node, struct lc_err *err)
{
	return end_all(node, "net", node->netns, err);
}
