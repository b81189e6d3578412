// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rule_set.c - where the rules of a rule set of nftables begin and end
 *
 * Rule sets are nft's own language, and only nft can read all of it.  A rule is a
 * statement, up to the end of its line or a semicolon, right inside a chain's
 * braces, that is not the chain's own (its hook, its policy, a comment); or an `add
 * rule` outside of all braces.  Braces and quotes inside of a rule are part of it.
 * A policy that drops is a rule for what no rule meets.
 */
#include <ctype.h>
#include <string.h>

#include "rule_set.h"

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

bool rule_begins(const char *text, size_t length, const char *word)
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
		return !rule_begins(text, length, "type") &&
		       !rule_begins(text, length, "comment") &&
		       (!rule_begins(text, length, "policy") ||
			memmem(text, length, "drop", 4));
	return !r->depth && (rule_begins(text, length, "add rule") ||
			     rule_begins(text, length, "insert rule"));
}

/* Go on behind a statement; @text is what opens a block if one follows */
static void step(struct reader *r, const char *text, size_t length,
		 const char *end)
{
	if (*end == '{') {
		r->depth++;
		r->chain = rule_begins(text, length, "chain") ||
			   rule_begins(text, length, "add chain");
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

const char *rule_find(const char *rules, size_t number, size_t *ret_length)
{
	struct reader r = { .at = rules };
	const char *rule;

	do
		rule = next_rule(&r, ret_length);
	while (rule && number--);
	return rule;
}
