// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_rule.c - the rules of networks as a command that loads them
 *
 * In the format of iptables-save, which is also the one that people know from
 * `iptables -S`: one line a rule, and all of a table in one transaction.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "quote.h"
#include "rule_text.h"
#include "script_rule.h"

/* A chain that somebody made has none */
static const char *policy_word(int policy)
{
	if (policy < 0)
		return "-";
	return policy == RULE_DROP ? "DROP" : "ACCEPT";
}

static bool table_is_used(const struct plan_node *node, enum rule_table table)
{
	size_t i;

	for (i = 0; i < node->chain_count; i++)
		if (node->chains[i].table == table)
			return true;
	return false;
}

static void table(FILE *out, const struct plan_node *node,
		  enum rule_table table)
{
	const struct plan_chain *chain;
	size_t i;

	fprintf(out, "*%s\n", rule_table_words[table]);
	for (i = 0; i < node->chain_count; i++) {
		chain = &node->chains[i];
		if (chain->table == table)
			fprintf(out, ":%s %s\n", chain->name,
				policy_word(chain->policy));
	}
	for (i = 0; i < node->rule_count; i++) {
		if (node->rules[i].table != table)
			continue;
		rule_write(out, &node->rules[i]);
		putc('\n', out);
	}
	fputs("COMMIT\n", out);
}

void script_rules(const struct plan_node *node, FILE *out)
{
	enum rule_table t;

	if (!node->chain_count)
		return;
	fputs("\nip netns exec ", out);
	shell_word(out, node->name);
	fputs(" iptables-restore <<'EOF'\n", out);
	for (t = 0; t < RULE_TABLES; t++)
		if (table_is_used(node, t))
			table(out, node, t);
	fputs("EOF\n", out);
}

/* "-A DOCKER -d 172.17.0.2/32 ..."; free() it */
static char *text_of(const struct plan_rule *rule)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();		/* as the arena does */
	rule_write(out, rule);
	if (fclose(out))
		abort();
	return text;
}

static bool same_rule(const struct plan_rule *a, const struct plan_rule *b)
{
	char *one, *other;
	bool same;

	if (a->table != b->table || strcmp(a->chain, b->chain) != 0)
		return false;
	one = text_of(a);
	other = text_of(b);
	same = !strcmp(one, other);
	free(one);
	free(other);
	return same;
}

static bool has_rule(const struct plan_node *node,
		     const struct plan_rule *rule)
{
	size_t i;

	for (i = 0; i < node->rule_count; i++)
		if (same_rule(&node->rules[i], rule))
			return true;
	return false;
}

static void change(const struct plan_node *node, const struct plan_rule *rule,
		   char verb, FILE *out)
{
	char *text = text_of(rule);

	fputs("ip netns exec ", out);
	shell_word(out, node->name);
	/* Its verb is the first word: -A */
	fprintf(out, " iptables -t %s -%c%s\n", rule_table_words[rule->table],
		verb, text + 2);
	free(text);
}

void script_rules_change(const struct plan_node *before,
			 const struct plan_node *after, FILE *out)
{
	size_t i;

	if (before->rules == after->rules)
		return;
	for (i = 0; i < before->rule_count; i++)
		if (!has_rule(after, &before->rules[i]))
			change(after, &before->rules[i], 'D', out);
	for (i = 0; i < after->rule_count; i++)
		if (!has_rule(before, &after->rules[i]))
			change(after, &after->rules[i], 'A', out);
}
