// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_rule.c - the rules of networks as iptables writes them
 *
 * In the format of iptables-save, which is also the one that people know from
 * `iptables -S`: one line a rule, and all of a table in one transaction.
 */
#include <netinet/in.h>
#include <string.h>

#include "address.h"
#include "plan.h"
#include "quote.h"
#include "script_rule.h"

static const char *const table_names[RULE_TABLES] = {
	[RULE_FILTER] = "filter", [RULE_NAT] = "nat", [RULE_RAW] = "raw",
};

static const char *const verdict_names[] = {
	[RULE_ACCEPT] = "ACCEPT", [RULE_DROP] = "DROP",
	[RULE_RETURN] = "RETURN", [RULE_JUMP] = "",
	[RULE_MASQUERADE] = "MASQUERADE", [RULE_DNAT] = "DNAT",
	[RULE_SNAT] = "SNAT",
};

_Static_assert(sizeof(verdict_names) / sizeof(*verdict_names) == RULE_SNAT + 1,
	       "a name for every verdict");

static void prefix(FILE *out, const char *option, const struct rule_prefix *p)
{
	char text[PREFIX_TEXT_SIZE];

	if (p->ip.family)
		fprintf(out, "%s %s %s", p->is_not ? " !" : "", option,
			prefix_format(&p->ip, p->length, text));
}

static void interface(FILE *out, const char *option, const char *name,
		      bool is_not)
{
	if (name)
		fprintf(out, "%s %s %s", is_not ? " !" : "", option, name);
}

static const char *protocol_name(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	}
	return "icmp";
}

static void ports(FILE *out, const struct plan_rule *r)
{
	const char *name = protocol_name(r->protocol);

	if (!r->protocol)
		return;
	fprintf(out, " -p %s", name);
	if (r->first || r->first_source)
		fprintf(out, " -m %s", name);
	if (r->first_source)
		fprintf(out, " --sport %u", r->first_source);
	if (r->first)
		fprintf(out, " --dport %u", r->first);
	if (r->last > r->first)
		fprintf(out, ":%u", r->last);
}

static void types(FILE *out, const struct plan_rule *r)
{
	if (r->established)
		fputs(" -m conntrack --ctstate RELATED,ESTABLISHED", out);
	if (!r->to_local && !r->from_local)
		return;
	fputs(" -m addrtype", out);
	if (r->from_local)
		fputs(" --src-type LOCAL", out);
	if (r->to_local)
		fputs(" --dst-type LOCAL", out);
}

/* ADDRESS:FIRST-LAST/BASE: the port that is as far from FIRST as the one asked
 * for is from BASE */
static void translation(FILE *out, const struct plan_rule *r)
{
	char text[IP_TEXT_SIZE];

	if (r->verdict != RULE_DNAT && r->verdict != RULE_SNAT)
		return;
	fputs(r->verdict == RULE_DNAT ? " --to-destination " : " --to-source ",
	      out);
	if (r->to.family)
		fputs(ip_format(&r->to, text), out);
	if (!r->to_first)
		return;
	fprintf(out, ":%u", r->to_first);
	if (r->to_last <= r->to_first)
		return;
	fprintf(out, "-%u", r->to_last);
	if (r->to_last - r->to_first == r->last - r->first)
		fprintf(out, "/%u", r->first);
}

void script_rule(const struct plan_rule *r, FILE *out)
{
	fprintf(out, "-A %s", r->chain);
	prefix(out, "-s", &r->source);
	prefix(out, "-d", &r->destination);
	interface(out, "-i", r->in, r->in_not);
	interface(out, "-o", r->out, r->out_not);
	ports(out, r);
	types(out, r);
	fprintf(out, " -j %s", r->verdict == RULE_JUMP
				       ? r->jump
				       : verdict_names[r->verdict]);
	translation(out, r);
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

	fprintf(out, "*%s\n", table_names[table]);
	for (i = 0; i < node->chain_count; i++) {
		chain = &node->chains[i];
		if (chain->table == table)
			fprintf(out, ":%s %s\n", chain->name,
				chain->policy < 0
					? "-"
					: verdict_names[chain->policy]);
	}
	for (i = 0; i < node->rule_count; i++) {
		if (node->rules[i].table != table)
			continue;
		script_rule(&node->rules[i], out);
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
