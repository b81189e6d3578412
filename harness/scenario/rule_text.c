// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rule_text.c - chains and rules of a plan in the words of iptables
 *
 * The options stand in the order in which `iptables -S` shows them, so that
 * what is printed can be compared with what a node has.
 */
#include <arpa/inet.h>
#include <string.h>

#include "address.h"
#include "plan.h"
#include "quote.h"
#include "rule_text.h"

const char *const rule_table_words[] = {
	[RULE_FILTER] = "filter", [RULE_NAT] = "nat", [RULE_RAW] = "raw",
	[RULE_TABLES] = NULL,
};
_Static_assert(sizeof(rule_table_words) / sizeof(*rule_table_words) ==
		       RULE_TABLES + 1,
	       "a word for each table");

static const char *const verdicts[] = {
	[RULE_ACCEPT] = "ACCEPT",	  [RULE_DROP] = "DROP",
	[RULE_RETURN] = "RETURN",	  [RULE_JUMP] = NULL,
	[RULE_MASQUERADE] = "MASQUERADE", [RULE_DNAT] = "DNAT",
	[RULE_SNAT] = "SNAT",
};

bool rule_maps_ports(const struct plan_rule *rule)
{
	return rule->verdict == RULE_DNAT && rule->first &&
	       rule->last > rule->first && rule->to_first &&
	       rule->last - rule->first == rule->to_last - rule->to_first;
}

/* Names that do not hang on what this machine has in /etc/protocols */
static const char *protocol_word(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return NULL;
	}
}

/* A name, which few people give characters that a shell takes amiss */
static void name(FILE *out, const char *text, bool is_for_shell)
{
	if (is_for_shell)
		shell_word(out, text);
	else
		fputs(text, out);
}

static void prefix(FILE *out, const char *option,
		   const struct rule_prefix *prefix)
{
	char text[PREFIX_TEXT_SIZE];
	struct lc_ip network;

	if (!prefix->ip.family || (!prefix->length && !prefix->is_not))
		return;
	network = ip_network(&prefix->ip, prefix->length);
	fprintf(out, "%s %s %s", prefix->is_not ? " !" : "", option,
		prefix_format(&network, prefix->length, text));
}

static void interface(FILE *out, const char *option, const char *text,
		      bool is_not, bool is_for_shell)
{
	if (!text)
		return;
	fprintf(out, "%s %s ", is_not ? " !" : "", option);
	name(out, text, is_for_shell);
}

static void port_range(FILE *out, const char *option, uint16_t first,
		       uint16_t last)
{
	if (!first)
		return;
	fprintf(out, " %s %u", option, first);
	if (last > first)
		fprintf(out, ":%u", last);
}

static void protocol(FILE *out, const struct plan_rule *rule)
{
	const char *word = protocol_word(rule->protocol);
	char number[8];

	if (!rule->protocol)
		return;
	snprintf(number, sizeof(number), "%u", rule->protocol);
	word = word ? word : number;
	fprintf(out, " -p %s", word);
	if (!rule->first && !rule->first_source)
		return;
	fprintf(out, " -m %s", word);
	port_range(out, "--sport", rule->first_source, rule->first_source);
	port_range(out, "--dport", rule->first, rule->last);
}

static void matches(FILE *out, const struct plan_rule *rule)
{
	if (rule->from_local || rule->to_local)
		fprintf(out, " -m addrtype%s%s",
			rule->from_local ? " --src-type LOCAL" : "",
			rule->to_local ? " --dst-type LOCAL" : "");
	if (rule->established)
		fputs(" -m conntrack --ctstate RELATED,ESTABLISHED", out);
}

static void translation(FILE *out, const struct plan_rule *rule)
{
	char text[IP_TEXT_SIZE];

	if (!rule->to.family && !rule->to_first)
		return;
	fputs(rule->verdict == RULE_SNAT ? " --to-source " :
					   " --to-destination ", out);
	if (rule->to.family)
		fputs(ip_format(&rule->to, text), out);
	if (!rule->to_first)
		return;
	fprintf(out, ":%u", rule->to_first);
	if (rule->to_last > rule->to_first)
		fprintf(out, "-%u", rule->to_last);
	if (rule_maps_ports(rule))
		fprintf(out, "/%u", rule->first);
}

static void append(FILE *out, const struct plan_rule *rule, bool is_for_shell)
{
	fputs("-A ", out);
	name(out, rule->chain, is_for_shell);
	prefix(out, "-s", &rule->source);
	prefix(out, "-d", &rule->destination);
	interface(out, "-i", rule->in, rule->in_not, is_for_shell);
	interface(out, "-o", rule->out, rule->out_not, is_for_shell);
	protocol(out, rule);
	matches(out, rule);
	fputs(" -j ", out);
	if (rule->verdict == RULE_JUMP)
		name(out, rule->jump, is_for_shell);
	else
		fputs(verdicts[rule->verdict], out);
	if (rule->verdict == RULE_DNAT || rule->verdict == RULE_SNAT)
		translation(out, rule);
}

void rule_write(FILE *out, const struct plan_rule *rule)
{
	append(out, rule, false);
}

static void make(FILE *out, const struct plan_chain *chain, bool is_for_shell)
{
	fputs(chain->policy < 0 ? "-N " : "-P ", out);
	name(out, chain->name, is_for_shell);
	if (chain->policy >= 0)
		fprintf(out, " %s", verdicts[chain->policy]);
}

void chain_write(FILE *out, const struct plan_chain *chain)
{
	make(out, chain, false);
}

static void command(FILE *out, enum rule_table table)
{
	fputs("iptables ", out);
	if (table != RULE_FILTER)
		fprintf(out, "-t %s ", rule_table_words[table]);
}

void rule_command(FILE *out, const struct plan_rule *rule)
{
	command(out, rule->table);
	append(out, rule, true);
}

void chain_command(FILE *out, const struct plan_chain *chain)
{
	command(out, chain->table);
	make(out, chain, true);
}

const char *rule_text(const struct plan_rule *rule, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	*text = '\0';
	if (!out)
		return text;
	rule_command(out, rule);
	fclose(out);
	text[size - 1] = '\0';
	return text;
}

const char *chain_text(const struct plan_chain *chain, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	*text = '\0';
	if (!out)
		return text;
	chain_command(out, chain);
	fclose(out);
	text[size - 1] = '\0';
	return text;
}
