/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_change.h - from one list of chains and rules to another
 */
#ifndef LAB_NETFILTER_CHANGE_H
#define LAB_NETFILTER_CHANGE_H

#include <stdint.h>

struct lc_at;
struct lc_err;
struct lc_node;
struct netfilter_batch;
struct netfilter_rules;

/**
 * netfilter_change() - From the rules of one list to those of another
 * @batch:	Of that node, to be used again and freed by the caller; NULL: it
 *		is opened if need be
 * @old:	Handles of @before; 0: a rule that is not there.  In the end all
 *		are
 * @new:	Room for those of @after, zeroed
 *
 * See netfilter_advance().
 */
int netfilter_change(struct lc_node *node, struct netfilter_batch **batch,
		     const struct netfilter_rules *before, uint64_t *old,
		     const struct netfilter_rules *after, uint64_t *new,
		     struct lc_at *ret_at, struct lc_err *err);

#endif
