// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet_readers.c - whether a program reads and sends packets in a node
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/packet_readers.h"

enum { TABLE_SIZE = 4096 };

/* The lines of a table of this namespace; -1: there is none.  Whoever has more
 * of them than fit has some */
static int count_lines(const char *path)
{
	lc_auto(lc_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[TABLE_SIZE];
	int lines = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text));
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	return lines;
}

bool node_has_packet_readers(struct lc_node *node, int own)
{
	int sockets, queues;

	if (node_enter(node, NULL))
		return true;
	sockets = count_lines("/proc/thread-self/net/packet");
	queues = count_lines("/proc/thread-self/net/netfilter/nfnetlink_queue");
	lab_leave(node->lab);
	/* The first line of packet sockets is the table's head */
	return sockets > 1 + own || queues > 0;
}
