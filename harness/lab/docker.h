/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docker.h - which process a container of a Docker daemon is
 */
#ifndef LAB_DOCKER_H
#define LAB_DOCKER_H

#include <stdbool.h>
#include <sys/types.h>

struct lc_err;
struct sandbox;

/**
 * docker_find() - Ask a Docker daemon for the first process of a container
 * @container:	Its name or id, and behind an @ the daemon's socket, if it is
 *		not /run/docker.sock
 * @ret_outside: The daemon is the machine's, and the number one of its own
 *
 * A daemon in the lab is asked first; with --privileged, the machine's then.
 *
 * Return: 0; -ENOENT where there is no such container, or it does not run;
 * -EPERM where there is no daemon, and one outside would need --privileged;
 * another -errno.  @err has the reason, in the daemon's words if it said any.
 */
int docker_find(const struct sandbox *sandbox, const char *container,
		pid_t *ret_pid, bool *ret_outside, struct lc_err *err);

#endif
