// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * name_servers.c - whom the programs of a node would ask for names
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include <labcheck/auto.h>

#include "lab/etc.h"
#include "lab/lab.h"
#include "lab/name_servers.h"
#include "scenario/value.h"

static void file_close(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Where resolv.conf is to be read; -errno: there is none */
static int resolv_conf_open(const struct lc_node *node)
{
	const struct plan_node *plan = node->plan->owner;
	char path[PATH_MAX];
	int fd;

	if (plan->files)
		etc_path(plan, "resolv.conf", path);
	else
		snprintf(path, sizeof(path), "%s/etc/resolv.conf",
			 node->process >= 0 ? "root" : "");
	fd = openat(node->process, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The lines `nameserver ADDRESS` of a text */
static size_t servers_read(FILE *file, struct lc_ip ret_ips[NAME_SERVERS])
{
	char line[512], word[INET6_ADDRSTRLEN];
	size_t count = 0;

	while (count < NAME_SERVERS && fgets(line, sizeof(line), file))
		if (sscanf(line, "nameserver %45s", word) == 1 &&
		    !value_address(word, &ret_ips[count], NULL))
			count++;
	return count;
}

static size_t servers_planned(const struct plan_names *names,
			      struct lc_ip ret_ips[NAME_SERVERS])
{
	static const struct lc_ip embedded = {
		.family = AF_INET, .bytes = { 127, 0, 0, 11 },
	};
	size_t count = names->server_count < NAME_SERVERS ? names->server_count :
							   NAME_SERVERS;

	if (names->embedded) {
		ret_ips[0] = embedded;
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		ret_ips[i] = names->servers[i];
	return count;
}

size_t name_servers(const struct lc_node *node,
		    struct lc_ip ret_ips[NAME_SERVERS])
{
	static const struct lc_ip loopback = {
		.family = AF_INET, .bytes = { 127, 0, 0, 1 },
	};
	lc_auto(file_close) FILE *file = NULL;
	const struct plan_names *names = node->plan->owner->files;
	int fd = resolv_conf_open(node);
	size_t count = 0;

	file = fd < 0 ? NULL : fdopen(fd, "re");
	/* Unless somebody has run a program there, nothing is written */
	if (fd < 0 && names)
		count = servers_planned(names, ret_ips);
	else if (file)
		count = servers_read(file, ret_ips);
	if (!count)
		ret_ips[count++] = loopback;
	return count;
}
