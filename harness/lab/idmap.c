// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * idmap.c - who is who in a new user namespace
 *
 * Root takes along all the users it knows, so that daemons which give up root
 * can; an ordinary user may take along no one but himself, who is root then.
 * The parent writes both maps: for that of root the kernel asks for privileges
 * in the namespace outside (user_namespaces(7)).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/idmap.h"

/* The kernel takes no map longer than a page */
enum { MAP_SIZE = 4096 };

static int write_once(pid_t pid, const char *name, const char *text)
{
	lc_auto(lc_close) int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

/*
 * Everyone keeps his number.  Which there are, our own map tells: in a
 * container it may be fewer than all.
 */
static int write_identity(pid_t pid, const char *name)
{
	unsigned int inside, outside, count;
	char path[64], text[MAP_SIZE];
	size_t used = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (used < sizeof(text) &&
	       fscanf(file, "%u %u %u", &inside, &outside, &count) == 3)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%u %u %u\n", inside, inside, count);
	fclose(file);
	if (used >= sizeof(text))
		return -E2BIG;
	return write_once(pid, name, text);
}

static int write_self(pid_t pid, const char *name, unsigned int id)
{
	char text[64];

	snprintf(text, sizeof(text), "0 %u 1\n", id);
	return write_once(pid, name, text);
}

int idmap_write(pid_t pid)
{
	int error;

	if (geteuid() == 0 && !write_identity(pid, "uid_map") &&
	    !write_identity(pid, "gid_map"))
		return 0;

	/* EPERM if the map was written above, and only gid_map was refused */
	error = write_self(pid, "uid_map", geteuid());
	if (error && geteuid() != 0)
		return error;
	error = write_once(pid, "setgroups", "deny");
	if (error && error != -ENOENT)
		return error;
	return write_self(pid, "gid_map", getegid());
}
