/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idmap.h - who is who in a new user namespace
 */
#ifndef LAB_IDMAP_H
#define LAB_IDMAP_H

#include <sys/types.h>

/**
 * idmap_write() - Fill the maps of a child that waits in its user namespace
 *
 * Return: 0, or -errno
 */
int idmap_write(pid_t pid);

#endif
