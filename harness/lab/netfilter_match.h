/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_match.h - which rules are in both of two lists
 */
#ifndef LAB_NETFILTER_MATCH_H
#define LAB_NETFILTER_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/plan.h"

/**
 * struct netfilter_rules - Chains and rules of a node
 *
 * The parts of a struct plan_node that matter here.
 */
struct netfilter_rules {
	const struct plan_chain *chains;
	size_t chain_count;
	const struct plan_rule *rules;
	size_t rule_count;
};

#define NO_RULE		SIZE_MAX

/**
 * netfilter_match() - Which rules are in both lists
 * @match:	For each rule of @after: its index in @before, or NO_RULE
 *
 * As many as there can be without two of one chain changing places.
 *
 * Return: 0 or -ENOMEM
 */
int netfilter_match(const struct netfilter_rules *before,
		    const struct netfilter_rules *after, size_t *match);

/** netfilter_chain_find() - A chain of a list, or NULL */
const struct plan_chain *
netfilter_chain_find(const struct netfilter_rules *rules,
		     enum rule_table table, const char *name);

/** netfilter_same_chain() - Whether two rules are in one chain */
bool netfilter_same_chain(const struct plan_rule *a,
			  const struct plan_rule *b);

#endif
