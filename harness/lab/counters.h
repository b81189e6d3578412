/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters.h - what the kernel of a node counts
 */
#ifndef LAB_COUNTERS_H
#define LAB_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

struct lc_node;

enum { COUNTERS_SIZE = 16384 };

/**
 * counters_read() - One of the tables below /proc/net
 * @table:	"netstat", "snmp", "snmp6"
 *
 * Return: 0, or -errno
 */
int counters_read(struct lc_node *node, const char *table,
		  char text[static COUNTERS_SIZE]);

/**
 * counters_sum() - Add up some counters of one kind
 * @text:	A table with two lines for each kind, of names and of values
 * @kind:	How both lines begin ("TcpExt:")
 * @names:	NULL ends them; one that the kernel does not have counts as 0
 *
 * Return: whether there are such lines
 */
bool counters_sum(const char *text, const char *kind, const char *const *names,
		  uint64_t *ret_sum);

#endif
