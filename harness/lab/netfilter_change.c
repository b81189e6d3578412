// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_change.c - from one list of chains and rules to another
 *
 * Theory of operation
 *
 * What is to be done follows from the two lists and the handles that the kernel
 * gave to the rules of the first.  Others may change the tables as well, at any
 * time.  So nothing is read first: it is sent, and if the kernel says that a
 * rule on which it hung is gone, that rule's handle is crossed out and whatever
 * is left to do is sent again.  Each round crosses out one at least, so there
 * is an end to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "message.h"
#include "netfilter_batch.h"
#include "netfilter_change.h"
#include "netfilter_match.h"
#include "netfilter_message.h"

/**
 * struct change - From one list to the next
 * @old:	Handles of @before; 0: no longer to be deleted
 * @new:	Handles of @after; 0: not there
 * @match:	For each rule of @after which of @before it is, or NO_RULE
 * @tables, @builtins: What this batch makes sure of already; a bit for each
 */
struct change {
	const struct netfilter_rules *before, *after;
	uint64_t *old, *new;
	size_t *match;
	struct netfilter_batch *batch;
	uint32_t tables, builtins;
};

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

int netfilter_change(struct lc_node *node, struct netfilter_batch **batch,
		     const struct netfilter_rules *before, uint64_t *old,
		     const struct netfilter_rules *after, uint64_t *new,
		     struct lc_at *ret_at, struct lc_err *err)
{
	lc_auto(lc_free) size_t *match =
		calloc(after->rule_count + 1, sizeof(*match));
	struct change c = {
		.before = before, .after = after, .old = old, .new = new,
		.match = match,
	};
	int r = match ? netfilter_match(before, after, match) : -ENOMEM;

	if (r)
		return lc_err_set(err, r, "out of memory");
	keep_handles(&c);
	if (is_nothing(&c))
		return 0;
	r = *batch ? 0 : netfilter_batch_open(node, batch, err);
	if (r)
		return r;
	c.batch = *batch;
	return change_send(&c, ret_at, err);
}
