/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_message.h - requests to nf_tables, made by pure functions
 *
 * For the tables that iptables keeps: family ip; filter, nat, raw.
 */
#ifndef LAB_NETFILTER_MESSAGE_H
#define LAB_NETFILTER_MESSAGE_H

#include <stdint.h>

#include "scenario/plan.h"

struct rtnl_msg;

enum { NETFILTER_BUILTINS = 9 };

/** netfilter_builtin() - The number of a chain that packets come to by
 * themselves, below NETFILTER_BUILTINS; -1: one that rules jump to */
int netfilter_builtin(enum rule_table table, const char *name);

/** netfilter_build_begin(), netfilter_build_end() - Around a transaction */
void netfilter_build_begin(struct rtnl_msg *m);
void netfilter_build_end(struct rtnl_msg *m);

/** netfilter_build_table() - Make a table, if it is not there */
void netfilter_build_table(struct rtnl_msg *m, enum rule_table table);

/**
 * netfilter_build_chain() - Make a chain, if it is not there
 *
 * The policy of a built-in one is set, also where it is there.
 */
void netfilter_build_chain(struct rtnl_msg *m, const struct plan_chain *chain);

/** netfilter_build_builtin() - Make a built-in chain, if it is not there; its
 * policy is not touched */
void netfilter_build_builtin(struct rtnl_msg *m, int number);

/** netfilter_build_chain_delete() - Delete a chain, if it is empty */
void netfilter_build_chain_delete(struct rtnl_msg *m,
				  const struct plan_chain *chain);

/**
 * netfilter_build_rule() - Make a rule
 * @before:	The handle of the rule that it is put in front of; 0: it is
 *		appended
 *
 * The kernel tells the new rule as NFT_MSG_NEWRULE, so its handle is known.
 */
void netfilter_build_rule(struct rtnl_msg *m, const struct plan_rule *rule,
			  uint64_t before);

void netfilter_build_rule_delete(struct rtnl_msg *m,
				 const struct plan_rule *rule,
				 uint64_t handle);

#endif
