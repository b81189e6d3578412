// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * node_state.c - what a node's kernel says when a cause is looked for
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "postmortem/cause.h"

long setting_of(struct lc_node *node, const char *format, ...)
{
	lc_auto(lc_close) int fd = -1;
	char key[96], path[128], value[32];
	va_list args;
	ssize_t n;

	va_start(args, format);
	vsnprintf(key, sizeof(key), format, args);
	va_end(args);
	snprintf(path, sizeof(path), "/proc/sys/net/%s", key);
	if (node_enter(node, NULL))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, value, sizeof(value) - 1);
	lab_leave(node->lab);
	if (n <= 0)
		return -1;
	value[n] = '\0';
	return strtol(value, NULL, 10);
}

