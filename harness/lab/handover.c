// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * handover.c - whether a node has others at work on what comes in
 *
 * What comes in is handled by the processor that has sent it, unless an interface was
 * told to share that out among all of them (rps_cpus, rps_flow_cnt), or to leave it
 * to a thread of the kernel's (`threaded`).  Only sysfs tells, and it takes a while:
 * so it is asked where somebody may have done so, that is where a program has run in
 * the lab, or the scenario gives new interfaces such a share from the start
 * (net.core.rps_default_mask).
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/handover.h"
#include "lab/lab.h"

enum { VALUE_SIZE = 4096 };

static bool is_likely(const struct lc_node *node)
{
	for (size_t i = 0; i < node->plan->sysctl_count; i++)
		if (!strcmp(node->plan->sysctls[i].key,
			    "net/core/rps_default_mask"))
			return true;
	return node->lab->altered;
}

/* One that shows the network namespace that we are in, mounted nowhere; where the
 * machine's is read-only this has to be, too */
static int sysfs_open(void)
{
	lc_auto(lc_close) int fs = (int)syscall(SYS_fsopen, "sysfs",
						FSOPEN_CLOEXEC);

	if (fs < 0 ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "ro", NULL, 0) ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
			    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				    MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

static DIR *folder_open(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !folder)
		close(fd);
	return folder;
}

/* A number, or a mask of processors: 00000000,00000003 */
static bool is_set(int at, const char *path)
{
	lc_auto(lc_close) int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	char value[VALUE_SIZE];
	ssize_t n = fd < 0 ? 0 : read(fd, value, sizeof(value) - 1);

	value[n > 0 ? n : 0] = '\0';
	return value[strspn(value, "0,\n")] != '\0';
}

static bool queues_hand_over(int interface)
{
	DIR *queues = folder_open(interface, "queues");
	const struct dirent *entry;
	char path[NAME_MAX + sizeof("queues//rps_flow_cnt")];
	bool found = false;

	while (queues && !found && (entry = readdir(queues))) {
		if (strncmp(entry->d_name, "rx-", 3))
			continue;
		snprintf(path, sizeof(path), "queues/%s/rps_cpus",
			 entry->d_name);
		found = is_set(interface, path);
		snprintf(path, sizeof(path), "queues/%s/rps_flow_cnt",
			 entry->d_name);
		found |= is_set(interface, path);
	}
	if (queues)
		closedir(queues);
	return found;
}

static bool some_hand_over(int sysfs)
{
	DIR *interfaces = folder_open(sysfs, "class/net");
	const struct dirent *entry;
	bool found = false;

	while (interfaces && !found && (entry = readdir(interfaces))) {
		lc_auto(lc_close) int fd = -1;

		if (entry->d_name[0] == '.')
			continue;
		fd = openat(dirfd(interfaces), entry->d_name,
			    O_PATH | O_DIRECTORY | O_CLOEXEC);
		found = fd >= 0 &&
			(is_set(fd, "threaded") || queues_hand_over(fd));
	}
	if (interfaces)
		closedir(interfaces);
	return found;
}

bool node_hands_over(struct lc_node *node)
{
	lc_auto(lc_close) int sysfs = -1;
	bool shared;

	if (!is_likely(node) || node_enter(node, NULL))
		return false;
	/* If there is no sysfs to be had, this is most of what it would tell */
	shared = is_set(AT_FDCWD, "/proc/sys/net/core/rps_default_mask");
	if (!shared)
		sysfs = sysfs_open();
	lab_leave(node->lab);
	return shared || (sysfs >= 0 && some_hand_over(sysfs));
}
