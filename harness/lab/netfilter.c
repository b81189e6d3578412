// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter.c - the tables that iptables keeps, filled over nf_tables
 */
#include "lab/lab.h"
#include "lab/netfilter.h"

int netfilter_load(struct lc_lab *lab, struct lc_at *ret_at,
		   struct lc_err *err)
{
	(void)lab;
	(void)ret_at;
	(void)err;
	return 0;
}

int netfilter_advance(struct lc_node *node, const struct plan_node *before,
		      const struct plan_node *after, struct lc_err *err)
{
	(void)node;
	(void)before;
	(void)after;
	(void)err;
	return 0;
}

int netfilter_add(struct lc_node *node, const struct plan_chain *chains,
		  size_t chain_count, const struct plan_rule *rules,
		  size_t rule_count, struct lc_err *err)
{
	(void)node;
	(void)chains;
	(void)chain_count;
	(void)rules;
	(void)rule_count;
	(void)err;
	return 0;
}

void netfilter_forget(struct lc_node *node)
{
	(void)node;
}
