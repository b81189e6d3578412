// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_rules.c - a rule set of nftables without one of its rules
 *
 * Rule sets are nft's own language, and only nft can read all of it.  What is
 * needed here is where a rule begins and ends: a statement, up to the end of
 * its line or a semicolon, right inside a chain's braces, that is not the
 * chain's own (its hook, its policy, a comment); or an `add rule` outside of all
 * braces.  Braces and quotes inside of a rule are part of it.  A policy that
 * drops is a rule for what no rule meets, and becomes one that accepts.
 */
#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "mutant.h"

/**
 * struct reader - What a rule set is read with
 * @depth:	Braces that are open
 * @chain:	The innermost of them is a chain's
 */
struct reader {
	const char *at;
	int depth;
	bool chain;
};

static bool begins(const char *text, size_t length, const char *word)
{
	size_t n = strlen(word);

	return length >= n && !strncmp(text, word, n) &&
	       (length == n || isspace((unsigned char)text[n]));
}

/* Up to the end of the statement at hand: '\n', ';', a brace that opens or
 * closes a block, or the end of it all */
static const char *statement_end(const struct reader *r, const char *p)
{
	int inside = 0;
	bool opens = !r->chain, quoted = false;

	for (; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && p[1])
			p++;
		else if (quoted)
			continue;
		else if (*p == '{' && opens && !inside)
			return p;
		else if (*p == '{')
			inside++;
		else if (*p == '}' && !inside)
			return p;
		else if (*p == '}')
			inside--;
		else if ((*p == '\n' || *p == ';' || *p == '#') && !inside)
			return p;
	}
	return p;
}

static bool is_rule(const struct reader *r, const char *text, size_t length)
{
	if (!length || *text == '#')
		return false;
	if (r->chain)
		return !begins(text, length, "type") &&
		       !begins(text, length, "comment") &&
		       (!begins(text, length, "policy") ||
			memmem(text, length, "drop", 4));
	return !r->depth && (begins(text, length, "add rule") ||
			     begins(text, length, "insert rule"));
}

/* Go on behind a statement; @text is what opens a block if one follows */
static void step(struct reader *r, const char *text, size_t length,
		 const char *end)
{
	if (*end == '{') {
		r->depth++;
		r->chain = begins(text, length, "chain") ||
			   begins(text, length, "add chain");
	} else if (*end == '}') {
		r->depth--;
		r->chain = false;
	} else if (*end == '#') {
		end += strcspn(end, "\n");
		end -= !*end;
	}
	r->at = *end ? end + 1 : end;
}

/* The next rule: its beginning, NULL: there is none, and its length */
static const char *next_rule(struct reader *r, size_t *ret_length)
{
	const char *text, *end;
	size_t length;
	bool found;

	while (*r->at) {
		text = r->at + strspn(r->at, " \t\r\n;");
		end = statement_end(r, text);
		length = (size_t)(end - text);
		while (length && isspace((unsigned char)text[length - 1]))
			length--;
		found = is_rule(r, text, length);
		step(r, text, length, end);
		if (found) {
			*ret_length = length;
			return text;
		}
	}
	return NULL;
}

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
	struct reader r = { .at = rules };
	const char *rule;
	size_t length;

	do
		rule = next_rule(&r, &length);
	while (rule && number--);
	if (!rule)
		return NULL;
	*ret_rule = squeeze(arena, rule, length);
	return arena_printf(arena, "%.*s%s%s", (int)(rule - rules), rules,
			    begins(rule, length, "policy") ? "policy accept" :
							     "",
			    rule + length);
}

void mutants_of_rules(struct mutants *mutants, const struct plan_node *node)
{
	for (size_t k = 0; k < node->nftables_count; k++) {
		const char *rules = node->nftables[k], *rule, *text;

		for (size_t n = 0; (text = rule_set_without(
					    mutants->arena, rules, n, &rule));
		     n++)
			mutants_add(mutants, (struct mutant){
				.kind = MUTANT_RULE, .node = node->number,
				.at = node->nftables_at[k], .what = rules,
				.text = text,
			}, "%s lacks the rule '%.600s'", node->name, rule);
	}
}
