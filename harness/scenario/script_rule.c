// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_rule.c - the rules of networks as a command that loads them
 *
 * In the format of iptables-save, which is also the one that people know from
 * `iptables -S`: one line a rule, and all of a table in one transaction.
 */
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
