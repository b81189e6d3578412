// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syntax.c - a YAML parser's complaints, in the words of a scenario's author
 *
 * libyaml speaks of tokens and simple keys.  What its readers need to hear is
 * which of the usual slips it was: a tab, a text that wanted quotes, a line
 * that does not line up.  A complaint not listed here is handed on as it is.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "scenario/source.h"
#include "scenario/syntax.h"

/**
 * struct complaint - What libyaml says, and what we say
 * @context:	Its context must begin so; NULL: any
 * @problem:	Its problem must begin so
 * @at_context:	Show where the thing began, not where libyaml gave up
 * @began:	Tell the line of the context behind our words
 */
struct complaint {
	const char *context;
	const char *problem;
	bool at_context;
	bool began;
	const char *words;
};

/* clang-format off */
static const struct complaint complaints[] = {
	{ "while scanning a quoted scalar", "found unexpected",
	  true, false, "this quote is never closed" },
	{ NULL, "found unknown escape character",
	  false, false, "no such escape; between single quotes a backslash is "
	  "an ordinary character" },
	{ NULL, "did not find expected hexdecimal number",
	  false, false, "hexadecimal digits must follow \\x, \\u and \\U" },
	{ "while scanning a simple key", "could not find expected ':'",
	  true, false, "expected 'key: value': the ': ' is missing, or the "
	  "line is not indented like the text it belongs to" },
	{ NULL, "mapping values are not allowed",
	  false, false, "a ': ' can not stand here: the line before lacks its "
	  "own or is indented in another way, or a text that holds one needs "
	  "quotes" },
	{ NULL, "block sequence entries are not allowed",
	  false, false, "a '- ' can not stand here: a list begins on a line "
	  "of its own" },
	{ NULL, "mapping keys are not allowed",
	  false, false, "a '? ' can not stand here" },
	{ "while parsing a block mapping", "did not find expected key",
	  false, true, "expected a key in line with the others of its "
	  "mapping, or a text before this wants quotes as a whole" },
	{ "while parsing a block collection", "did not find expected '-'",
	  false, true, "expected '- ' in line with the list's other items" },
	{ NULL, "did not find expected ',' or ']'",
	  false, true, "expected ',' or the ']' that closes the list" },
	{ NULL, "did not find expected ',' or '}'",
	  false, true, "expected ',' or the '}' that closes the mapping" },
	{ NULL, "did not find expected node content",
	  false, false, "expected a value here" },
	{ NULL, "found a tab character",
	  false, false, "a tab can not indent YAML: use spaces" },
	{ "while scanning an alias", "did not find expected alphabetic",
	  true, false, "a text that begins with '*' needs quotes" },
	{ "while scanning an anchor", "did not find expected alphabetic",
	  true, false, "a text that begins with '&' needs quotes" },
	{ "while scanning a block scalar", "did not find expected comment",
	  false, false, "the text of '|' and '>' begins on the next line" },
	{ NULL, "found undefined tag handle",
	  false, false, "a text that begins with '!' needs quotes" },
	{ "while scanning a tag", "did not find expected",
	  true, false, "a text that begins with '!' needs quotes" },
	{ "while parsing a tag", "did not find expected",
	  true, false, "a text that begins with '!' needs quotes" },
	{ "while scanning a directive", "",
	  true, false, "a text that begins with '%' needs quotes" },
	{ NULL, "did not find expected <document start>",
	  false, false, "expected the end of the file: what is before this "
	  "is whole" },
};
/* clang-format on */

static bool begins(const char *text, const char *with)
{
	return text && !strncmp(text, with, strlen(with));
}

static const struct complaint *find_complaint(const yaml_parser_t *parser)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++) {
		const struct complaint *c = &complaints[i];

		if ((!c->context || begins(parser->context, c->context)) &&
		    begins(parser->problem, c->problem))
			return c;
	}
	return NULL;
}

static struct lc_at at_mark(const yaml_mark_t *mark)
{
	return (struct lc_at){ .line = (uint32_t)mark->line + 1,
			       .column = (uint32_t)mark->column + 1 };
}

/* Of a character that begins no token, the line says which one it is */
static void no_token(struct lc_at at, const struct source *source,
		     struct lc_problems *problems)
{
	size_t length;
	const char *line = source_line(source, at.line, &length);
	size_t blanks = line ? strspn(line, " \t") : 0;

	if (line && memchr(line, '\t', blanks) && at.column <= blanks + 1)
		lc_problem(problems, at,
			   "a tab can not indent YAML: use spaces");
	else
		lc_problem(problems, at, "a text that begins with such a "
					 "character needs quotes");
}

void syntax_problem(const yaml_parser_t *parser, const struct source *source,
		    struct lc_problems *problems)
{
	const struct complaint *c = find_complaint(parser);
	struct lc_at at = at_mark(&parser->problem_mark);

	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	if (parser->error == YAML_READER_ERROR)
		lc_problem(problems, (struct lc_at){ 1, 1 }, "%s",
			   parser->problem);
	else if (begins(parser->problem, "found character that cannot start"))
		no_token(at, source, problems);
	else if (!c)
		lc_problem(problems, at, "%s", parser->problem);
	else if (c->at_context)
		lc_problem(problems, at_mark(&parser->context_mark), "%s",
			   c->words);
	else if (c->began && parser->context_mark.line + 1 < at.line)
		lc_problem(problems, at, "%s (it began on line %zu)", c->words,
			   parser->context_mark.line + 1);
	else
		lc_problem(problems, at, "%s", c->words);
}
