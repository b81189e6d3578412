// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * node.c - what the engine keeps open in a node between batches
 *
 * Raw sockets and taps take longer to open, and to close, than a probe takes; so
 * they stay until the lab ends (unwatch.c) and each batch empties those it uses.
 */
#include <errno.h>
#include <stdlib.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/netns.h"
#include "probe/batch/node.h"

static struct probe_node *probe_node_new(void)
{
	struct probe_node *n = calloc(1, sizeof(*n));

	if (n)
		n->echo4.fd = n->echo6.fd = n->tap.fd = n->marker =
			n->recorder = -1;
	return n;
}

int probe_node_ready(struct lc_node *node, struct lc_err *err)
{
	int r = node_open(node, err);

	if (r)
		return r;
	if (!node->probe)
		node->probe = probe_node_new();
	return node->probe ? 0 : lc_err_set(err, -ENOMEM, "out of memory");
}
