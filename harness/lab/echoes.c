// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * echoes.c - how many pings a node's kernel has answered
 *
 * It counts the ICMP messages that it makes by their type, whatever becomes of them
 * then.  What a program sends by a raw socket counts as well, a frame that it
 * writes to an interface does not.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/counters.h"
#include "lab/echoes.h"
#include "lab/lab.h"

/* A type that was never sent has no name, and without any there are no lines */
static uint64_t find4(char *text)
{
	static const char *const names[] = { "OutType0", NULL };
	uint64_t count = 0;

	counters_sum(text, "IcmpMsg:", names, &count);
	return count;
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
	char text[COUNTERS_SIZE];
	int r = counters_read(node, old ? "snmp" : "snmp6", text);

	if (!r)
		*ret_count = old ? find4(text) : find6(text);
	return r;
}
