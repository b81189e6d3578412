// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * counters.c - what the kernel of a node counts
 *
 * netstat(8) -s has it from the same tables.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/counters.h"
#include "lab/lab.h"

static int read_table(const char *table, char *text)
{
	lc_auto(lc_close) int fd = -1;
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", table);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, COUNTERS_SIZE - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

int counters_read(struct lc_node *node, const char *table,
		  char text[static COUNTERS_SIZE])
{
	int r = node_enter(node, NULL);

	if (r)
		return r;
	r = read_table(table, text);
	lab_leave(node->lab);
	return r;
}

static bool is_among(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static uint64_t sum(char *names, char *values, const char *const *wanted)
{
	char *at_name = NULL, *at_value = NULL;
	const char *name = strtok_r(names, " ", &at_name);
	const char *value = strtok_r(values, " ", &at_value);
	uint64_t total = 0;

	while (name && value) {
		if (is_among(name, wanted))
			total += strtoull(value, NULL, 10);
		name = strtok_r(NULL, " ", &at_name);
		value = strtok_r(NULL, " ", &at_value);
	}
	return total;
}

bool counters_sum(char *text, const char *kind, const char *const *names,
		  uint64_t *ret_sum)
{
	char *line, *next = NULL, *first = NULL;

	for (line = strtok_r(text, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		if (strncmp(line, kind, strlen(kind)) != 0)
			continue;
		if (first) {
			*ret_sum = sum(first, line, names);
			return true;
		}
		first = line;
	}
	return false;
}
