/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echoes.h - how many pings a node's kernel has answered
 */
#ifndef LAB_ECHOES_H
#define LAB_ECHOES_H

#include <stdint.h>

struct lc_node;

/**
 * struct echoes - What a node's kernel counts, since its namespace came to be
 * @answers:	To pings, which it has made
 * @discarded:	Packets of its own, answers or others, that it threw away
 */
struct echoes {
	uint64_t answers, discarded;
};

/** node_echoes() - Those of a @family, AF_INET or AF_INET6; -errno: not told */
int node_echoes(struct lc_node *node, int family, struct echoes *ret_echoes);

#endif
