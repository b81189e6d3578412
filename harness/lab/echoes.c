// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * echoes.c - how many pings a node's kernel has answered
 *
 * It counts the ICMP messages that it makes by their type, whatever becomes of them
 * then.  What a program sends by a raw socket counts as well, a frame that it
 * writes to an interface does not.
 *
 * Its own rules may throw an answer away behind that (nftables in output, postrouting
 * or egress, iptables likewise), as a queue may that is full.  Whoever sends is told
 * so, and what comes of it is counted too, but not by what it was.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/counters.h"
#include "lab/echoes.h"
#include "lab/lab.h"

static uint64_t sum4(const char *text, const char *kind, const char *name)
{
	const char *const names[] = { name, NULL };
	uint64_t count = 0;

	counters_sum(text, kind, names, &count);
	return count;
}

/* A line for each */
static uint64_t find6(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

int node_echoes(struct lc_node *node, int family, struct echoes *ret_echoes)
{
	char text[COUNTERS_SIZE];
	int r;

	if (family == AF_INET6) {
		r = counters_read(node, "snmp6", text);
		if (!r)
			*ret_echoes = (struct echoes){
				find6(text, "\nIcmp6OutEchoReplies"),
				find6(text, "\nIp6OutDiscards"),
			};
		return r;
	}
	r = counters_read(node, "snmp", text);
	/* A type that was never sent has no name, and without any there are no
	 * lines */
	if (!r)
		*ret_echoes = (struct echoes){
			sum4(text, "IcmpMsg:", "OutType0"),
			sum4(text, "Ip:", "OutDiscards"),
		};
	return r;
}
