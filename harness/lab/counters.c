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

static bool is_among(const char *name, size_t length, const char *const *names)
{
	for (; *names; names++)
		if (strlen(*names) == length && !strncmp(name, *names, length))
			return true;
	return false;
}

/* One word of a line; its length, 0: there is no other */
static size_t word(const char **at)
{
	*at += strspn(*at, " ");
	return strcspn(*at, " \n");
}

static uint64_t sum(const char *name, const char *value,
		    const char *const *wanted)
{
	uint64_t total = 0;
	size_t length;

	for (; (length = word(&name)) && word(&value);
	     name += length, value += word(&value))
		if (is_among(name, length, wanted))
			total += strtoull(value, NULL, 10);
	return total;
}

static const char *line_of(const char *text, const char *kind)
{
	while (strncmp(text, kind, strlen(kind)) != 0) {
		text += strcspn(text, "\n");
		if (!*text++)
			return NULL;
	}
	return text;
}

bool counters_sum(const char *text, const char *kind, const char *const *names,
		  uint64_t *ret_sum)
{
	const char *first = line_of(text, kind);
	const char *second = first ? strchr(first, '\n') : NULL;

	if (second)
		second = line_of(second + 1, kind);
	if (!second)
		return false;
	*ret_sum = sum(first, second, names);
	return true;
}
