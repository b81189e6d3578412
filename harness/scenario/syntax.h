/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syntax.h - a YAML parser's complaints, in the words of a scenario's author
 */
#ifndef SCENARIO_SYNTAX_H
#define SCENARIO_SYNTAX_H

#include <yaml.h>

struct lc_problems;
struct source;

/** syntax_problem() - Report why a parser stopped */
void syntax_problem(const yaml_parser_t *parser, const struct source *source,
		    struct lc_problems *problems);

#endif
