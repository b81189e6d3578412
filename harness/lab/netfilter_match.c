// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_match.c - which rules are in both of two lists
 *
 * Two rules are the same if the kernel is asked for the same: the requests are
 * compared, so that nothing that a rule may say can be forgotten here.
 *
 * What stays must keep its order, for a rule is not moved.  So of each chain
 * the longest common subsequence is looked for; the ends that don't differ
 * go first, and mostly that is all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "message.h"
#include "netfilter_match.h"
#include "netfilter_message.h"

struct item {
	const struct plan_rule *rule;
	size_t index;			/* in the list of the node */
	uint64_t hash;			/* the same for the same rules; only
					 * where the ends are cut off */
};

/* Part of the rules of a chain, in order */
struct span {
	struct item *items;
	size_t count;
};

bool netfilter_same_chain(const struct plan_rule *a, const struct plan_rule *b)
{
	return a->table == b->table && !strcmp(a->chain, b->chain);
}

const struct plan_chain *
netfilter_chain_find(const struct netfilter_rules *rules,
		     enum rule_table table, const char *name)
{
	for (size_t i = 0; i < rules->chain_count; i++)
		if (rules->chains[i].table == table &&
		    !strcmp(rules->chains[i].name, name))
			return &rules->chains[i];
	return NULL;
}

/* FNV-1a */
static uint64_t hash(const struct plan_rule *rule)
{
	uint64_t value = 0xcbf29ce484222325;
	struct rtnl_msg m;

	netfilter_build_rule(&m, rule, 0);
	for (size_t i = 0; i < m.header.nlmsg_len; i++)
		value = (value ^ (uint8_t)m.bytes[i]) * 0x100000001b3;
	return value;
}

static bool is_same(const struct item *a, const struct item *b)
{
	struct rtnl_msg x, y;

	netfilter_build_rule(&x, a->rule, 0);
	netfilter_build_rule(&y, b->rule, 0);
	return x.header.nlmsg_len == y.header.nlmsg_len &&
	       !memcmp(x.bytes, y.bytes, x.header.nlmsg_len);
}

static void hash_all(struct span span)
{
	for (size_t i = 0; i < span.count; i++)
		span.items[i].hash = hash(span.items[i].rule);
}

static bool is_same_hash(const struct item *a, const struct item *b)
{
	return a->hash == b->hash && is_same(a, b);
}

/* The rules of a list that are in the chain of @like, put behind @items */
static struct span chain_of(const struct netfilter_rules *list,
			    const struct plan_rule *like, struct item *items)
{
	struct span span = { items, 0 };

	for (size_t i = 0; i < list->rule_count; i++) {
		const struct plan_rule *rule = &list->rules[i];

		if (netfilter_same_chain(rule, like))
			items[span.count++] = (struct item){ rule, i, 0 };
	}
	return span;
}

/* The ends at which both are the same; they are cut off */
static void match_ends(struct span *before, struct span *after, size_t *match)
{
	while (before->count && after->count &&
	       is_same(before->items, after->items)) {
		match[after->items->index] = before->items->index;
		before->items++, before->count--;
		after->items++, after->count--;
	}
	while (before->count && after->count &&
	       is_same(&before->items[before->count - 1],
		       &after->items[after->count - 1]))
		match[after->items[--after->count].index] =
			before->items[--before->count].index;
}

/*
 * length[i][k] is that of the longest common subsequence of what is behind
 * @before's i-th and @after's k-th.
 */
static int match_middle(struct span before, struct span after, size_t *match)
{
	const size_t width = after.count + 1;
	lc_auto(lc_free) uint32_t *length = NULL;

	if (!before.count || !after.count)
		return 0;
	length = calloc((before.count + 1) * width, sizeof(*length));
	if (!length)
		return -ENOMEM;
	hash_all(before);
	hash_all(after);
	for (size_t i = before.count; i-- > 0;)
		for (size_t k = after.count; k-- > 0;) {
			uint32_t *here = &length[i * width + k];

			*here = here[width] > here[1] ? here[width] : here[1];
			if (is_same_hash(&before.items[i],
					 &after.items[k]))
				*here = here[width + 1] + 1;
		}
	for (size_t i = 0, k = 0; i < before.count && k < after.count;) {
		const uint32_t *here = &length[i * width + k];

		if (is_same_hash(&before.items[i], &after.items[k]))
			match[after.items[k++].index] = before.items[i++].index;
		else if (here[width] >= here[1])
			i++;
		else
			k++;
	}
	return 0;
}

static bool is_first_of_chain(const struct netfilter_rules *list, size_t index)
{
	for (size_t i = index; i-- > 0;)
		if (netfilter_same_chain(&list->rules[i],
					 &list->rules[index]))
			return false;
	return true;
}

int netfilter_match(const struct netfilter_rules *before,
		    const struct netfilter_rules *after, size_t *match)
{
	lc_auto(lc_free) struct item *items = NULL;
	int r = 0;

	for (size_t i = 0; i < after->rule_count; i++)
		match[i] = NO_RULE;
	if (!before->rule_count)
		return 0;
	items = calloc(before->rule_count + after->rule_count,
		       sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < after->rule_count && !r; i++) {
		const struct plan_rule *like = &after->rules[i];
		struct span old, new;

		if (!is_first_of_chain(after, i))
			continue;
		old = chain_of(before, like, items);
		new = chain_of(after, like, items + old.count);
		match_ends(&old, &new, match);
		r = match_middle(old, new, match);
	}
	return r;
}
