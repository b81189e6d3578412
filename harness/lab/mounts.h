/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mounts.h - what the sandbox sees at /proc and /run, and nodes at /sys
 */
#ifndef LAB_MOUNTS_H
#define LAB_MOUNTS_H

/**
 * mounts_make() - Make the mount namespace that we are in the sandbox's own
 * @ret_what:	When it fails: what was refused ("mount /proc")
 *
 * Return: 0, or -errno
 */
int mounts_make(const char **ret_what);

/**
 * mounts_sysfs() - Mount /sys for the network namespace that we are in
 *
 * Read-only but for what belongs to its interfaces.
 */
int mounts_sysfs(const char **ret_what);

#endif
