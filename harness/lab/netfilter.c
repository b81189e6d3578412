// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter.c - the tables that iptables keeps, filled over nf_tables
 *
 * Theory of operation
 *
 * What is to be done follows from the rules of one plan, the handles that the
 * kernel gave them, and the rules of the next plan; loading is going there from
 * nothing.  Others may change the tables as well, at any time.  So nothing is
 * read first: it is sent, and if the kernel says that a rule on which it hung
 * is gone, that rule's handle is crossed out and whatever is left to do is sent
 * again.  Each round crosses out one at least, so there is an end to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/message.h"
#include "lab/netfilter.h"
#include "lab/netfilter_batch.h"
#include "lab/netfilter_change.h"
#include "lab/netfilter_message.h"
#include "scenario/rule_text.h"

/* The handles of a node's rules, in the order of its plan */
struct netfilter {
	size_t count;
	uint64_t handles[];
};

/**
 * struct change - From one list to the next
 * @old:	Handles of @before; 0: no longer to be deleted
 * @new:	Handles of @after; 0: not there
 * @match:	For each rule of @after which of @before it is, or NO_RULE
 * @tables, @builtins: What this batch makes sure of already; a bit for each
 */
struct change {
	struct lc_node *node;
	const struct netfilter_rules *before, *after;
	uint64_t *old, *new;
	size_t *match;
	struct netfilter_batch *batch;
	uint32_t tables, builtins;
};

static struct netfilter_rules rules_of(const struct plan_node *node)
{
	return (struct netfilter_rules){
		.chains = node->chains, .chain_count = node->chain_count,
		.rules = node->rules, .rule_count = node->rule_count,
	};
}

static void need_table(struct change *c, enum rule_table table,
		       const struct netfilter_subject *subject)
{
	struct rtnl_msg m;

	if (c->tables & 1u << table)
		return;
	c->tables |= 1u << table;
	netfilter_build_table(&m, table);
	netfilter_batch_add(c->batch, &m, subject);
}

static void need_builtin(struct change *c, const struct plan_rule *rule,
			 const struct netfilter_subject *subject)
{
	int number = netfilter_builtin(rule->table, rule->chain);
	struct rtnl_msg m;

	if (number < 0 || c->builtins & 1u << number)
		return;
	c->builtins |= 1u << number;
	netfilter_build_builtin(&m, number);
	netfilter_batch_add(c->batch, &m, subject);
}

static bool is_new_chain(const struct change *c,
			 const struct plan_chain *chain)
{
	const struct plan_chain *old = netfilter_chain_find(
		c->before, chain->table, chain->name);

	return !old || old->policy != chain->policy;
}

static void add_chains(struct change *c)
{
	struct rtnl_msg m;

	for (size_t i = 0; i < c->after->chain_count; i++) {
		const struct plan_chain *chain = &c->after->chains[i];
		const struct netfilter_subject subject = { .chain = chain };
		int number = netfilter_builtin(chain->table, chain->name);

		if (!is_new_chain(c, chain))
			continue;
		need_table(c, chain->table, &subject);
		if (number >= 0)
			c->builtins |= 1u << number;
		netfilter_build_chain(&m, chain);
		netfilter_batch_add(c->batch, &m, &subject);
	}
}

static void delete_rules(struct change *c)
{
	struct rtnl_msg m;

	for (size_t i = 0; i < c->before->rule_count; i++) {
		const struct netfilter_subject subject = {
			.rule = &c->before->rules[i],
			.handle = &c->old[i],
		};

		if (!c->old[i])
			continue;
		netfilter_build_rule_delete(&m, subject.rule, c->old[i]);
		netfilter_batch_add(c->batch, &m, &subject);
	}
}

static bool is_missing(const struct change *c, size_t i)
{
	return c->match[i] == NO_RULE && !c->new[i];
}

/* The handle of the rule that a new one goes in front of, or NULL */
static uint64_t *find_before(const struct change *c, size_t i)
{
	const struct plan_rule *rules = c->after->rules;

	if (!c->before->rule_count)
		return NULL;
	for (size_t k = i + 1; k < c->after->rule_count; k++)
		if (c->new[k] && netfilter_same_chain(&rules[i], &rules[k]))
			return &c->new[k];
	return NULL;
}

static void add_rule(struct change *c, size_t i)
{
	const struct netfilter_subject subject = {
		.rule = &c->after->rules[i],
		.handle = &c->new[i],
		.before = find_before(c, i),
	};
	struct rtnl_msg m;

	need_table(c, subject.rule->table, &subject);
	need_builtin(c, subject.rule, &subject);
	netfilter_build_rule(&m, subject.rule,
			     subject.before ? *subject.before : 0);
	netfilter_batch_add(c->batch, &m, &subject);
}

static void add_rules(struct change *c)
{
	for (size_t i = 0; i < c->after->rule_count; i++)
		if (is_missing(c, i))
			add_rule(c, i);
}

/* Each on its own: one that is not empty is somebody else's by now */
static int delete_chains(struct change *c, struct lc_err *err)
{
	struct rtnl_msg m;
	int r = 0;

	for (size_t i = 0; i < c->before->chain_count && !r; i++) {
		const struct netfilter_subject subject = {
			.chain = &c->before->chains[i],
		};
		const struct plan_chain *chain = subject.chain;

		if (netfilter_builtin(chain->table, chain->name) >= 0 ||
		    netfilter_chain_find(c->after, chain->table, chain->name))
			continue;
		netfilter_build_chain_delete(&m, chain);
		netfilter_batch_add(c->batch, &m, &subject);
		r = netfilter_batch_commit(c->batch, NULL, err);
		if (r == -EBUSY || r == -ENOENT)
			r = 0;
	}
	return r;
}

static bool is_nothing(const struct change *c)
{
	for (size_t i = 0; i < c->before->rule_count; i++)
		if (c->old[i])
			return false;
	for (size_t i = 0; i < c->after->rule_count; i++)
		if (is_missing(c, i))
			return false;
	for (size_t i = 0; i < c->after->chain_count; i++)
		if (is_new_chain(c, &c->after->chains[i]))
			return false;
	return c->before->chain_count <= c->after->chain_count;
}

static int change_send(struct change *c, struct lc_at *ret_at,
		       struct lc_err *err)
{
	int r;

	do {
		c->tables = c->builtins = 0;
		delete_rules(c);
		add_chains(c);
		add_rules(c);
		r = netfilter_batch_commit(c->batch, ret_at, err);
	} while (r == -ESTALE);
	return r ?: delete_chains(c, err);
}

/* What stays has its handle in the new list, and is not to be deleted */
static void keep_handles(struct change *c)
{
	for (size_t i = 0; i < c->after->rule_count; i++)
		if (c->match[i] != NO_RULE) {
			c->new[i] = c->old[c->match[i]];
			c->old[c->match[i]] = 0;
		}
}

static int change_do(struct change *c, struct lc_at *ret_at,
		     struct lc_err *err)
{
	int r;

	keep_handles(c);
	if (is_nothing(c))
		return 0;
	r = netfilter_batch_open(c->node, &c->batch, err);
	if (r)
		return r;
	r = change_send(c, ret_at, err);
	netfilter_batch_free(c->batch);
	return r;
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

/*
 * From @before, whose handles are @old, to @after.  @old and what is returned
 * are the caller's.
 */
static int rules_change(struct lc_node *node,
			const struct netfilter_rules *before, uint64_t *old,
			const struct netfilter_rules *after,
			struct netfilter **ret_new, struct lc_at *ret_at,
			struct lc_err *err)
{
	struct netfilter *new = netfilter_new(after->rule_count);
	lc_auto(lc_free) size_t *match =
		calloc(after->rule_count + 1, sizeof(*match));
	struct change c = {
		.node = node, .before = before, .after = after, .old = old,
		.match = match,
	};
	int r = new && match ? netfilter_match(before, after, match) : -ENOMEM;

	if (r)
		lc_err_set(err, r, "out of memory");
	else
		r = check_families(after, ret_at, err);
	if (!r) {
		c.new = new->handles;
		r = change_do(&c, ret_at, err);
	}
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
	const struct netfilter_rules none = { 0 };
	const struct netfilter_rules all = rules_of(node->plan);

	if (node->plan->kind != NODE_OWN || node->plan->absent ||
	    (!all.chain_count && !all.rule_count))
		return 0;
	return rules_change(node, &none, NULL, &all, &node->netfilter, ret_at,
			    err);
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
	struct netfilter *old = node->netfilter;
	const struct netfilter_rules from = old ? rules_of(before) :
						  (struct netfilter_rules){ 0 };
	const struct netfilter_rules to = rules_of(after);
	int r;

	if (after->kind != NODE_OWN)
		return 0;
	node->netfilter = NULL;
	if (old && old->count != from.rule_count) {
		free(old);
		return lc_err_set(err, -EINVAL,
				  "the rules of %s are not those of its plan",
				  after->name);
	}
	r = rules_change(node, &from, old ? old->handles : NULL, &to,
			 &node->netfilter, NULL, err);
	free(old);
	return r;
}

int netfilter_add(struct lc_node *node, const struct plan_chain *chains,
		  size_t chain_count, const struct plan_rule *rules,
		  size_t rule_count, struct lc_err *err)
{
	const struct netfilter_rules none = { 0 };
	const struct netfilter_rules all = {
		.chains = chains, .chain_count = chain_count,
		.rules = rules, .rule_count = rule_count,
	};
	struct netfilter *handles;
	int r = rules_change(node, &none, NULL, &all, &handles, NULL, err);

	if (!r)
		free(handles);
	return r;
}

void netfilter_forget(struct lc_node *node)
{
	free(node->netfilter);
	node->netfilter = NULL;
}
