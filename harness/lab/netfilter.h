/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter.h - the tables that iptables keeps, filled over nf_tables
 *
 * Byte for byte what iptables-nft would load (family ip; tables filter, nat,
 * raw; its own expressions for matches and targets), so that `iptables -S` on
 * a node shows these rules, and whoever adds to them or flushes them does to
 * the lab what it would do to a real host.
 */
#ifndef LAB_NETFILTER_H
#define LAB_NETFILTER_H

#include <stddef.h>

#include "scenario/plan.h"

struct lc_err;
struct lc_lab;
struct lc_node;

/**
 * netfilter_load() - Load the chains and rules of every node of the plan
 *
 * One transaction a node.  Return: 0; -EOPNOTSUPP with @err when this kernel
 * lacks what iptables-nft needs (nf_tables, nft_compat, a match); another
 * -errno with @err and @ret_at.
 */
int netfilter_load(struct lc_lab *lab, struct lc_at *ret_at,
		   struct lc_err *err);

/**
 * netfilter_advance() - From a node's rules in one plan to those in the next
 *
 * As an engine does it: rules that are no longer there are deleted, each by its
 * own handle (one that somebody else has deleted is no error).  A new one goes
 * in front of the next of those that stay which follows it in the plan's list,
 * or, if none of its chain does, is appended.  New chains are made; one that is
 * gone from the plan is deleted, unless somebody else uses it.  A policy is set
 * only where the plans differ.  Nothing else is touched, and what conntrack
 * knows stays.
 *
 * Chains that somebody else has deleted are not made again: as on a host, the
 * next rule for one of them is refused.
 *
 * Return: 0, or -errno as netfilter_load()
 */
int netfilter_advance(struct lc_node *node, const struct plan_node *before,
		      const struct plan_node *after, struct lc_err *err);

/**
 * netfilter_add() - Append chains and rules to a node
 *
 * For what only the builder knows, such as the port of the embedded resolver.
 * The chains are made if they are not there.
 */
int netfilter_add(struct lc_node *node, const struct plan_chain *chains,
		  size_t chain_count, const struct plan_rule *rules,
		  size_t rule_count, struct lc_err *err);

/** netfilter_rule() - The rule of the plan that has a handle; NULL: none has */
const struct plan_rule *netfilter_rule(const struct lc_node *node,
				       uint64_t handle);

/** netfilter_forget() - The node goes, or the lab is done; its rules stay */
void netfilter_forget(struct lc_node *node);

#endif
