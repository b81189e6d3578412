// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * echoes.c - how many pings a node's kernel has answered
 *
 * It counts the ICMP messages that it makes by their type (netstat(8) -s has them
 * from the same tables), whatever becomes of them then.  What a program sends by
 * a raw socket counts as well, a frame that it writes to an interface does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/echoes.h"
#include "lab/lab.h"

enum { TABLE_SIZE = 16384 };

static int read_table(const char *path, char *text)
{
	lc_auto(lc_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TABLE_SIZE - 1);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

/* A line of names and one of values; a type that was never sent has no name */
static uint64_t find4(char *text)
{
	char *names = strstr(text, "\nIcmpMsg:"), *values, *name;

	values = names ? strstr(names + 1, "\nIcmpMsg:") : NULL;
	if (!values)
		return 0;
	*values++ = '\0';
	values[strcspn(values, "\n")] = '\0';
	names = strtok_r(names, " ", &name);
	while (names) {
		char *value = strsep(&values, " ");

		if (!value)
			return 0;
		if (!strcmp(names, "OutType0"))
			return strtoull(value, NULL, 10);
		names = strtok_r(NULL, " ", &name);
	}
	return 0;
}

/* A line for each */
static uint64_t find6(const char *text)
{
	static const char name[] = "\nIcmp6OutEchoReplies";
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

int node_echoes_answered(struct lc_node *node, int family,
			 uint64_t *ret_count)
{
	bool old = family == AF_INET;
	char text[TABLE_SIZE];
	int r = node_enter(node, NULL);

	if (r)
		return r;
	r = read_table(old ? "/proc/thread-self/net/snmp" :
			     "/proc/thread-self/net/snmp6", text);
	lab_leave(node->lab);
	if (!r)
		*ret_count = old ? find4(text) : find6(text);
	return r;
}
