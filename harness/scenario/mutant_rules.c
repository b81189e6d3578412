// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_rules.c - a rule set of nftables without one of its rules, or with another
 *
 * Where a rule begins and ends is known (rule_set.c), and hardly more.  A policy
 * that drops becomes one that accepts.
 *
 * Of what a rule says, what it does to a packet is changed where that is not the
 * same as if it were missing: NAT to somebody else, or to another port, and a
 * packet that is lost instead of rejected.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "address.h"
#include "arena.h"
#include "mutant_kinds.h"
#include "rule_set.h"

/* On one line, blanks made one */
static const char *squeeze(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1), *to = copy;

	for (size_t i = 0; i < length; i++) {
		bool blank = isspace((unsigned char)text[i]);

		if (!blank)
			*to++ = text[i];
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	}
	return copy;
}

const char *rule_set_without(struct arena *arena, const char *rules,
			     size_t number, const char **ret_rule)
{
	size_t length;
	const char *rule = rule_find(rules, number, &length);

	if (!rule)
		return NULL;
	*ret_rule = squeeze(arena, rule, length);
	return arena_printf(arena, "%.*s%s%s", (int)(rule - rules), rules,
			    rule_begins(rule, length, "policy") ?
				    "policy accept" : "",
			    rule + length);
}

static void apply_rules(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	for (size_t i = 0; i < node->nftables_count; i++)
		if (!strcmp(node->nftables[i], m->what))
			node->nftables[i] = m->text;
}

/**
 * struct rule_of - A rule, where it stands
 * @number:	Which of the node's rule sets
 */
struct rule_of {
	struct mutants *mutants;
	const struct plan *plan;
	const struct plan_node *node;
	size_t number;
	const char *rule;
	size_t length;
};

static struct mutant begin(const struct rule_of *r, const char *text)
{
	return (struct mutant){
		.apply = apply_rules, .node = r->node->number,
		.at = r->node->nftables_at[r->number],
		.what = r->node->nftables[r->number], .text = text,
	};
}

/* The rule with other words from @from up to @to */
static void add_other(const struct rule_of *r, const char *from,
		      const char *to, const char *words)
{
	struct arena *arena = r->mutants->arena;
	const char *rules = r->node->nftables[r->number];
	const char *text = arena_printf(arena, "%.*s%s%s", (int)(from - rules),
					rules, words, to);

	mutants_add(r->mutants, begin(r, text),
		    "%s has '%s' in the rule '%.600s'", r->node->name, words,
		    squeeze(arena, r->rule, r->length));
}

/* Where a word of the rule begins, outside of quotes; NULL: nowhere */
static const char *word_find(const struct rule_of *r, const char *word)
{
	const char *end = r->rule + r->length;
	bool quoted = false, first = true;

	for (const char *p = r->rule; p < end; p++) {
		if (!quoted && first && rule_begins(p, (size_t)(end - p), word))
			return p;
		quoted ^= *p == '"';
		first = isspace((unsigned char)*p);
	}
	return NULL;
}

/**
 * struct nat_to - "192.168.15.2:80", "[fd00::2]:80", ":80", "fd00::2"
 * @ip:		Family 0: none
 * @port:	0: none
 */
struct nat_to {
	struct lc_ip ip;
	uint32_t port;
};

static bool ip_read(const char *text, size_t length, struct lc_ip *ret_ip)
{
	char copy[IP_TEXT_SIZE];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	ret_ip->family = AF_INET;
	if (inet_pton(AF_INET, copy, ret_ip->bytes) == 1)
		return true;
	ret_ip->family = AF_INET6;
	return inet_pton(AF_INET6, copy, ret_ip->bytes) == 1;
}

/* Ranges, sets and variables are none of these */
static bool nat_read(const char *text, size_t length, struct nat_to *ret_to)
{
	const char *colon = memrchr(text, ':', length), *end = text + length;
	struct nat_to to = { 0 };
	char *rest;

	if (ip_read(text, length, &to.ip)) {
		*ret_to = to;
		return true;
	}
	to.ip.family = 0;
	if (!colon || colon + 1 == end || !isdigit((unsigned char)colon[1]))
		return false;
	to.port = (uint32_t)strtoul(colon + 1, &rest, 10);
	if (rest != end || !to.port || to.port > UINT16_MAX)
		return false;
	*ret_to = to;
	length = (size_t)(colon - text);
	if (length > 2 && text[0] == '[' && colon[-1] == ']')
		return ip_read(text + 1, length - 2, &ret_to->ip);
	return !length || ip_read(text, length, &ret_to->ip);
}

/* @verb has @length bytes: "dnat ip to " */
static const char *nat_words(struct arena *arena, const char *verb,
			     size_t length, const struct nat_to *to)
{
	char ip[IP_TEXT_SIZE] = "";
	const bool brackets = to->ip.family == AF_INET6 && to->port;

	if (to->ip.family)
		ip_format(&to->ip, ip);
	if (!to->port)
		return arena_printf(arena, "%.*s%s", (int)length, verb, ip);
	return arena_printf(arena, "%.*s%s%s%s:%u", (int)length, verb,
			    brackets ? "[" : "", ip, brackets ? "]" : "",
			    to->port);
}

/* NAT to another address, and to another port */
static void add_nat(const struct rule_of *r, const char *verb)
{
	const char *from = word_find(r, verb), *p = from ?: "";
	struct arena *arena = r->mutants->arena;
	const char *end = r->rule + r->length;
	struct nat_to to, other;
	size_t length;

	for (int words = 0; from && words < 3 && p < end; words++) {
		p += strcspn(p, " \t");
		p += strspn(p, " \t");
		if (rule_begins(p, (size_t)(end - p), "to"))
			break;
	}
	if (!from || p >= end || !rule_begins(p, (size_t)(end - p), "to"))
		return;
	p += 2;
	p += strspn(p, " \t");
	length = strcspn(p, " \t\n;}");
	if (p + length > end || !nat_read(p, length, &to))
		return;
	other = to;
	if (to.ip.family && ip_other(r->plan, &to.ip,
				     (uint8_t)(ip_bits(to.ip.family) - 8),
				     &other.ip))
		add_other(r, from, p + length,
			  nat_words(arena, from, (size_t)(p - from), &other));
	other = to;
	other.port += to.port < UINT16_MAX ? 1 : -1;
	if (to.port)
		add_other(r, from, p + length,
			  nat_words(arena, from, (size_t)(p - from), &other));
}

static void add_rule(const struct rule_of *r)
{
	const char *reject = word_find(r, "reject");

	add_nat(r, "dnat");
	add_nat(r, "snat");
	add_nat(r, "redirect");
	if (reject)
		add_other(r, reject, r->rule + r->length, "drop");
}

void mutants_of_rules(struct mutants *mutants, const struct plan *plan,
		      const struct plan_node *node)
{
	struct rule_of r = { .mutants = mutants, .plan = plan, .node = node };

	for (r.number = 0; r.number < node->nftables_count; r.number++) {
		const char *rules = node->nftables[r.number], *rule, *text;

		for (size_t n = 0; (text = rule_set_without(
					    mutants->arena, rules, n, &rule));
		     n++) {
			mutants_add(mutants, begin(&r, text),
				    "%s lacks the rule '%.600s'", node->name,
				    rule);
			r.rule = rule_find(rules, n, &r.length);
			add_rule(&r);
		}
	}
}
