// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * overflows.c - SYNs that a node's kernel dropped since servers were too slow
 *
 * A listening socket has room for some connections that nobody has accepted
 * yet, and for some handshakes.  A SYN for which there is none vanishes as if a
 * firewall had dropped it, and a moment later there is room again: then only
 * these counters show it.
 */
#include <errno.h>
#include <stddef.h>

#include "lab/counters.h"
#include "lab/lab.h"
#include "lab/overflows.h"

int node_listen_overflows(struct lc_node *node, uint64_t *ret_count)
{
	static const char *const names[] = {
		"ListenOverflows", "TCPReqQFullDrop", NULL,
	};
	char text[COUNTERS_SIZE];
	int r = counters_read(node, "netstat", text);

	if (r)
		return r;
	return counters_sum(text, "TcpExt:", names, ret_count) ? 0 : -ENOENT;
}
