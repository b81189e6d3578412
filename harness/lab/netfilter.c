// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter.c - the tables that iptables keeps, filled over nf_tables
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/netfilter.h"
#include "lab/netfilter_batch.h"
#include "lab/netfilter_change.h"
#include "lab/netfilter_match.h"
#include "scenario/rule_text.h"

/**
 * struct netfilter - What is remembered of a node's rules
 * @batch:	Kept open once something was changed, see netfilter_batch_free();
 *		NULL
 * @handles:	In the order of its plan
 */
struct netfilter {
	struct netfilter_batch *batch;
	size_t count;
	uint64_t handles[];
};

static struct netfilter_rules rules_of(const struct plan_node *node)
{
	return (struct netfilter_rules){
		.chains = node->chains, .chain_count = node->chain_count,
		.rules = node->rules, .rule_count = node->rule_count,
	};
}

static int check_families(const struct netfilter_rules *rules,
			  struct lc_at *ret_at, struct lc_err *err)
{
	char text[256];

	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct plan_rule *rule = &rules->rules[i];

		if (rule->source.ip.family != AF_INET6 &&
		    rule->destination.ip.family != AF_INET6 &&
		    rule->to.family != AF_INET6)
			continue;
		if (ret_at)
			*ret_at = rule->at;
		return lc_err_set(err, -EAFNOSUPPORT,
				  "%s: iptables is for IPv4",
				  rule_text(rule, text, sizeof(text)));
	}
	return 0;
}

static struct netfilter *netfilter_new(size_t count)
{
	struct netfilter *n = calloc(1, sizeof(*n) +
					     count * sizeof(*n->handles));

	if (n)
		n->count = count;
	return n;
}

/* From nothing to @all */
static int rules_load(struct lc_node *node, const struct netfilter_rules *all,
		      struct netfilter **ret_new, struct lc_at *ret_at,
		      struct lc_err *err)
{
	const struct netfilter_rules none = { 0 };
	struct netfilter *new;
	int r = check_families(all, ret_at, err);

	if (r)
		return r;
	new = netfilter_new(all->rule_count);
	if (!new)
		return lc_err_set(err, -ENOMEM, "out of memory");
	r = netfilter_change(node, &new->batch, &none, NULL, all, new->handles,
			     ret_at, err);
	netfilter_batch_free(new->batch);
	new->batch = NULL;
	if (r) {
		free(new);
		return r;
	}
	*ret_new = new;
	return 0;
}

static int node_load(struct lc_node *node, struct lc_at *ret_at,
		     struct lc_err *err)
{
	const struct netfilter_rules all = rules_of(node->plan);

	if (node->plan->kind != NODE_OWN || node->plan->absent ||
	    (!all.chain_count && !all.rule_count))
		return 0;
	return rules_load(node, &all, &node->netfilter, ret_at, err);
}

int netfilter_load(struct lc_lab *lab, struct lc_at *ret_at,
		   struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		r = node_load(&lab->nodes[i], ret_at, err);
	return r;
}

int netfilter_advance(struct lc_node *node, const struct plan_node *before,
		      const struct plan_node *after, struct lc_err *err)
{
	struct netfilter *old = node->netfilter, *new;
	const struct netfilter_rules to = rules_of(after);
	struct netfilter_rules from;
	int r;

	if (after->kind != NODE_OWN)
		return 0;
	if (!old)
		return rules_load(node, &to, &node->netfilter, NULL, err);
	from = rules_of(before);
	if (old->count != from.rule_count)
		return lc_err_set(err, -EINVAL,
				  "the rules of %s are not those of its plan",
				  after->name);
	r = check_families(&to, NULL, err);
	if (r)
		return r;
	new = netfilter_new(to.rule_count);
	if (!new)
		return lc_err_set(err, -ENOMEM, "out of memory");
	new->batch = lc_steal(old->batch);
	node->netfilter = new;
	r = netfilter_change(node, &new->batch, &from, old->handles, &to,
			     new->handles, NULL, err);
	free(old);
	return r;
}

int netfilter_add(struct lc_node *node, const struct plan_chain *chains,
		  size_t chain_count, const struct plan_rule *rules,
		  size_t rule_count, struct lc_err *err)
{
	const struct netfilter_rules all = {
		.chains = chains, .chain_count = chain_count,
		.rules = rules, .rule_count = rule_count,
	};
	struct netfilter *handles;
	int r = rules_load(node, &all, &handles, NULL, err);

	if (!r)
		free(handles);
	return r;
}

const struct plan_rule *netfilter_rule(const struct lc_node *node,
				       uint64_t handle)
{
	const struct netfilter *n = node->netfilter;

	for (size_t i = 0; n && i < n->count; i++)
		if (handle && n->handles[i] == handle)
			return &node->plan->rules[i];
	return NULL;
}

void netfilter_forget(struct lc_node *node)
{
	if (node->netfilter)
		netfilter_batch_free(node->netfilter->batch);
	free(node->netfilter);
	node->netfilter = NULL;
}
