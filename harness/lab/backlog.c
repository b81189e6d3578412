// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backlog.c - packets that the machine had no room for
 *
 * What crosses a veth waits in its processor's receive queue, which has room for
 * net.core.netdev_max_backlog (1000) packets.  A broadcast in a network of more
 * nodes than that overflows it, and nobody is told of what was lost: neither who
 * sent it nor a tap.  This table has it, and every namespace can read it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/backlog.h"

enum { TABLE_SIZE = 64 << 10 };

int backlog_drops(uint64_t *ret_count)
{
	lc_auto(lc_close) int fd = open("/proc/thread-self/net/softnet_stat",
					O_RDONLY | O_CLOEXEC);
	lc_auto(lc_free) char *text = malloc(TABLE_SIZE);
	char *line, *next = NULL, *end;
	uint64_t count = 0;
	size_t length = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (!text)
		return -ENOMEM;
	while ((n = read(fd, text + length, TABLE_SIZE - 1 - length)) > 0)
		length += (size_t)n;
	if (n < 0)
		return -errno;
	if (length == TABLE_SIZE - 1)
		return -EFBIG;
	text[length] = '\0';
	/* A line for each processor; its second word is what was dropped */
	for (line = strtok_r(text, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		strtoull(line, &end, 16);
		count += strtoull(end, NULL, 16);
	}
	*ret_count = count;
	return 0;
}
