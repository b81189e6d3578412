/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echoes.h - how many pings a node's kernel has answered
 */
#ifndef LAB_ECHOES_H
#define LAB_ECHOES_H

#include <stdint.h>

struct lc_node;

/** node_echoes_answered() - Since its namespace came to be; -errno: not told
 * @family:	AF_INET or AF_INET6 */
int node_echoes_answered(struct lc_node *node, int family,
			 uint64_t *ret_count);

#endif
