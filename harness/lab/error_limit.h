/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error_limit.h - whether a node limits how many ICMP errors it sends
 */
#ifndef LAB_ERROR_LIMIT_H
#define LAB_ERROR_LIMIT_H

#include <stdbool.h>

struct lc_node;

/** node_limits_errors() - Also true if it can't be told */
bool node_limits_errors(struct lc_node *node, int family);

#endif
