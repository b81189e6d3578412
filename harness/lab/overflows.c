// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * overflows.c - SYNs that a node's kernel dropped since servers were too slow
 *
 * A listening socket has room for some connections that nobody has accepted
 * yet, and for some handshakes.  A SYN for which there is none vanishes as if a
 * firewall had dropped it, and a moment later there is room again: then only
 * these counters show it (netstat(8) -s has them from the same table).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/overflows.h"

enum { TABLE_SIZE = 16384 };

static bool counts(const char *name)
{
	return !strcmp(name, "ListenOverflows") ||
	       !strcmp(name, "TCPReqQFullDrop");
}

/* Two lines of one kind: names, and in the same order values */
static uint64_t sum(char *names, char *values)
{
	char *at_name = NULL, *at_value = NULL;
	const char *name = strtok_r(names, " ", &at_name);
	const char *value = strtok_r(values, " ", &at_value);
	uint64_t total = 0;

	while (name && value) {
		if (counts(name))
			total += strtoull(value, NULL, 10);
		name = strtok_r(NULL, " ", &at_name);
		value = strtok_r(NULL, " ", &at_value);
	}
	return total;
}

static int read_table(char *text)
{
	lc_auto(lc_close) int fd = open("/proc/thread-self/net/netstat",
					O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TABLE_SIZE - 1);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

int node_listen_overflows(struct lc_node *node, uint64_t *ret_count)
{
	char text[TABLE_SIZE], *line, *next = NULL, *names = NULL;
	int r = node_enter(node, NULL);

	if (r)
		return r;
	r = read_table(text);
	lab_leave(node->lab);
	for (line = r ? NULL : strtok_r(text, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		if (strncmp(line, "TcpExt:", 7))
			continue;
		if (names) {
			*ret_count = sum(names, line);
			return 0;
		}
		names = line;
	}
	return r ?: -ENOENT;
}
