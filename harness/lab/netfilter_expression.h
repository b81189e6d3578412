/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_expression.h - what a rule of nf_tables consists of
 */
#ifndef LAB_NETFILTER_EXPRESSION_H
#define LAB_NETFILTER_EXPRESSION_H

#include <stdint.h>

struct nlattr;
struct plan_rule;
struct rtnl_msg;

/** struct netfilter_expression - One while it is open */
struct netfilter_expression {
	struct nlattr *element, *data;
};

struct netfilter_expression netfilter_begin(struct rtnl_msg *m,
					    const char *name);
void netfilter_end(struct rtnl_msg *m, struct netfilter_expression e);

/** netfilter_put_u32() - Numbers of nf_tables are in network byte order */
void netfilter_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t value);
void netfilter_put_u64(struct rtnl_msg *m, uint16_t type, uint64_t value);

/** netfilter_put_expressions() - NFTA_RULE_EXPRESSIONS, as of iptables-nft */
void netfilter_put_expressions(struct rtnl_msg *m,
			       const struct plan_rule *rule);

#endif
