/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_batch.h - a transaction of nf_tables in a node
 */
#ifndef LAB_NETFILTER_BATCH_H
#define LAB_NETFILTER_BATCH_H

#include <stdint.h>

struct lc_at;
struct lc_err;
struct lc_node;
struct plan_chain;
struct plan_rule;
struct rtnl_msg;

struct netfilter_batch;

/**
 * struct netfilter_subject - What a request is about
 * @rule, @chain: Either, for the words of an error
 * @handle:	Of a rule.  0: it is made, and its handle put here.  Else it is
 *		deleted, and this becomes 0
 * @before:	The handle of the rule that it goes in front of; NULL: none
 */
struct netfilter_subject {
	const struct plan_rule *rule;
	const struct plan_chain *chain;
	uint64_t *handle, *before;
};

/**
 * netfilter_batch_open() - Begin a transaction
 * @node:	In its namespace; NULL: in that where the caller is
 */
int netfilter_batch_open(struct lc_node *node,
			 struct netfilter_batch **ret_batch,
			 struct lc_err *err);

/**
 * netfilter_batch_free() - Close the socket
 *
 * Where something was deleted or changed the kernel then waits, some 10 ms long,
 * until no processor can see what was before; unless that is long ago.
 */
void netfilter_batch_free(struct netfilter_batch *batch);

/** netfilter_batch_add() - Append a request; one that overflowed makes the
 * commit fail */
void netfilter_batch_add(struct netfilter_batch *batch,
			 const struct rtnl_msg *m,
			 const struct netfilter_subject *subject);

/**
 * netfilter_batch_commit() - Have it all done, or nothing of it
 *
 * What is too much for a socket is sent as several transactions.  The batch is
 * empty afterwards, and can be used again.
 *
 * Return: 0; -ESTALE if a rule that was to be deleted, or that a new one was
 * to go in front of, is gone already: its handle has become 0, and whatever
 * still has to be done must be added again; -EOPNOTSUPP when this kernel lacks
 * something; another -errno.  @err has the words of iptables and the kernel,
 * *@ret_at (NULL: unasked) the place of the rule.
 */
int netfilter_batch_commit(struct netfilter_batch *batch, struct lc_at *ret_at,
			   struct lc_err *err);

#endif
