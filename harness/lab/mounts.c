// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mounts.c - what the sandbox sees at /proc and /run, and nodes at /sys
 *
 * In a user namespace that maps all users, root is root to files: to those of
 * /proc and /sys as well, which ask for the owner and seldom for a capability.
 * So all there is read-only that is the machine's, and writable only what
 * belongs to network namespaces: the bind mount that is made first stays as it
 * is when the mount it stands on turns read-only.  /sys shows one network
 * namespace: each node's commands have their own, and nobody else looks there.
 *
 * /run and /run/netns are shared with the copies that commands run in: what
 * `ip netns add` mounts in one of them is there for all, and for nobody else.
 * Each is a peer group of its own; if one was a bind mount of the other's
 * group, every name would be mounted twice.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "lab/mounts.h"

enum { PLAIN = MS_NOSUID | MS_NODEV | MS_NOEXEC };

static int bind_self(const char *path)
{
	return mount(path, path, NULL, MS_BIND, NULL) ? -errno : 0;
}

static int make_read_only(const char *path)
{
	const unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | PLAIN;

	return mount(NULL, path, NULL, flags, NULL) ? -errno : 0;
}

static int mount_proc(const char **ret_what)
{
	/* Writable by their owner, root, without a capability */
	static const char *const machine[] = {
		"/proc/acpi", "/proc/asound", "/proc/bus",
		"/proc/dynamic_debug", "/proc/fs", "/proc/irq",
		"/proc/latency_stats", "/proc/mtrr", "/proc/scsi",
		"/proc/sysrq-trigger",
	};
	int error;

	*ret_what = "mount /proc";
	if (mount("proc", "/proc", "proc", PLAIN, NULL))
		return -errno;
	*ret_what = "protect /proc/sys";
	error = bind_self("/proc/sys");
	if (!error)
		error = bind_self("/proc/sys/net");
	if (!error)
		error = make_read_only("/proc/sys");
	if (error)
		return error;
	*ret_what = "protect /proc";
	for (size_t i = 0; i < sizeof(machine) / sizeof(*machine); i++) {
		error = bind_self(machine[i]);
		if (error == -ENOENT)
			continue;
		if (!error)
			error = make_read_only(machine[i]);
		if (error)
			return error;
	}
	return 0;
}

int mounts_sysfs(const char **ret_what)
{
	int error;

	*ret_what = "mount /sys";
	if (mount("sysfs", "/sys", "sysfs", PLAIN, NULL)) {
		/* Where that of the outside is read-only, ours has to be */
		if (errno != EPERM)
			return -errno;
		if (mount("sysfs", "/sys", "sysfs", PLAIN | MS_RDONLY, NULL))
			return -errno;
		return 0;
	}
	*ret_what = "protect /sys";
	error = bind_self("/sys/devices/virtual/net");
	if (error && error != -ENOENT)
		return error;
	return make_read_only("/sys");
}

/* /var/run is a link to /run on most systems, but not on all */
static int mount_var_run(void)
{
	struct stat run, var_run;

	if (stat("/var/run", &var_run) || stat("/run", &run))
		return 0;
	if (run.st_dev == var_run.st_dev && run.st_ino == var_run.st_ino)
		return 0;
	if (mount("/run", "/var/run", NULL, MS_BIND | MS_REC, NULL))
		return -errno;
	return 0;
}

static int mount_run(const char **ret_what)
{
	*ret_what = "mount /run";
	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"))
		return -errno;
	*ret_what = "make /run/netns";
	if (mkdir("/run/netns", 0755) || bind_self("/run/netns"))
		return -errno;
	*ret_what = "make /run/tmp";
	if (mkdir("/run/tmp", 0700) || chmod("/run/tmp", 01777))
		return -errno;
	*ret_what = "share /run";
	if (mount(NULL, "/run/netns", NULL, MS_SHARED, NULL) ||
	    mount(NULL, "/run", NULL, MS_SHARED, NULL))
		return -errno;
	*ret_what = "mount /var/run";
	return mount_var_run();
}

int mounts_make(const char **ret_what)
{
	int error;

	*ret_what = "make mounts private";
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	error = mount_proc(ret_what);
	return error ?: mount_run(ret_what);
}
