// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mntns.c - what a node's commands see of the file system
 *
 * The machine's files, but a /sys of the node's own, since sysfs shows the
 * network namespace in which it was mounted and programs that look into
 * /sys/class/net must find the node's interfaces there, and its own files about
 * names in /etc (etc.c).  So each node gets a mount namespace, a copy of the
 * sandbox's, when its first command runs, and keeps it, so that what one
 * command mounts the next one finds.
 *
 * It is made by going there and back.  setns(2) to the way back resets root
 * and working directory, which have to be put back as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/etc.h"
#include "lab/furnish.h"
#include "lab/lab.h"
#include "lab/mntns.h"
#include "lab/mounts.h"
#include "lab/sandbox.h"

/** struct place - Where a process is in the file system */
struct place {
	int mntns, root, cwd;
};

static void place_done(struct place *place)
{
	lc_close(&place->mntns);
	lc_close(&place->root);
	lc_close(&place->cwd);
}

static int place_open(struct place *place)
{
	place->mntns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	place->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	place->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place->mntns < 0 || place->root < 0 || place->cwd < 0)
		return -errno;
	return 0;
}

/*
 * Coming home cannot fail, and nobody could go on if it did.
 *
 * Return: whether our root is that of the mount namespace.  If not, we are in
 * a chroot, and whoever enters a mount namespace gets out of it.
 */
static bool place_return(const struct place *place)
{
	struct stat theirs, ours;

	if (setns(place->mntns, CLONE_NEWNS) || stat("/", &theirs) ||
	    fstat(place->root, &ours) || fchdir(place->root) || chroot(".") ||
	    fchdir(place->cwd))
		abort();
	return theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

/* In the node's network namespace: make the mount namespace, and come back */
static int make_copy(const struct lc_node *node, int *ret_mntns,
		     const char **ret_what)
{
	lc_auto(place_done) struct place place = { -1, -1, -1 };
	lc_auto(lc_close) int mntns = -1;
	int error;

	*ret_what = "look around";
	error = place_open(&place);
	if (error)
		return error;
	*ret_what = "make a mount namespace";
	if (unshare(CLONE_NEWNS))
		return -errno;
	error = mounts_sysfs(ret_what);
	if (!error)
		error = etc_mount(node, ret_what);
	if (!error) {
		mntns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
		if (mntns < 0)
			error = -errno;
	}
	if (!place_return(&place) && !error) {
		*ret_what = "make a mount namespace in a chroot "
			    "(pivot_root(2) would do)";
		error = -EXDEV;
	}
	if (!error)
		*ret_mntns = lc_steal_fd(&mntns);
	return error;
}

/* That of the process by which the node was adopted */
static int open_adopted(const struct lc_node *node)
{
	int fd = openat(node->process, "ns/mnt", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static void name_path(const struct lc_node *node, char path[300])
{
	snprintf(path, 300, "/run/netns/%s", node->plan->name);
}

static int mount_name(const struct lc_node *node)
{
	lc_auto(lc_close) int file = -1;
	char path[300], source[64];

	name_path(node, path);
	snprintf(source, sizeof(source), "/proc/self/fd/%d", node->netns);
	/* A name that a command has given already stays what it is */
	file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (file < 0)
		return errno == EEXIST ? 0 : -errno;
	return mount(source, path, NULL, MS_BIND, NULL) ? -errno : 0;
}

/* `ip netns exec red ...` works in the lab, and means its own red */
static int name_nodes(struct lc_lab *lab, struct lc_err *err)
{
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];
		int error;

		if (node->plan->owner->kind == NODE_ADOPTED ||
		    !node_is_new(node))
			continue;
		error = node_open(node, err);
		if (error)
			return error;
		error = mount_name(node);
		if (error)
			return lc_err_set(err, -EIO, "mount /run/netns/%s: %s",
					  node->plan->name, strerror(-error));
	}
	lab->named = true;
	return 0;
}

int lab_name_new(struct lc_lab *lab, struct lc_err *err)
{
	return lab->named ? name_nodes(lab, err) : 0;
}

/* Unless a command has put something else there */
void node_unname(struct lc_node *node)
{
	struct stat named, own;
	char path[300];

	name_path(node, path);
	if (!node->lab->named || node->netns < 0 || stat(path, &named) ||
	    fstat(node->netns, &own) || named.st_dev != own.st_dev ||
	    named.st_ino != own.st_ino)
		return;
	if (!umount2(path, MNT_DETACH))
		unlink(path);
}

int node_open_mntns(struct lc_node *node, struct lc_err *err)
{
	const char *what = "mount namespace";
	int error;

	error = lab_furnish(node->lab, err);
	if (!error && !node->lab->named)
		error = name_nodes(node->lab, err);
	if (error)
		return error;
	if (node->mntns >= 0)
		return 0;
	error = etc_make(node, err);
	if (error)
		return error;
	error = node_enter(node, err);
	if (error)
		return error;
	if (node->process >= 0) {
		error = node->mntns = open_adopted(node);
		error = error < 0 ? error : 0;
	} else {
		error = make_copy(node, &node->mntns, &what);
	}
	lab_leave(node->lab);
	if (!error)
		return 0;
	node->mntns = -1;
	/* EPERM stands for what --privileged would help with */
	return lc_err_set(err, node->process >= 0 ? error : -EIO,
			  "node %s: %s: %s", lc_node_name(node), what,
			  strerror(-error));
}
