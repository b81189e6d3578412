/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_set.h - where the rules of a rule set of nftables begin and end
 */
#ifndef SCENARIO_RULE_SET_H
#define SCENARIO_RULE_SET_H

#include <stdbool.h>
#include <stddef.h>

/** rule_find() - The n-th rule, where it stands; NULL: there are not so many */
const char *rule_find(const char *rules, size_t number, size_t *ret_length);

/** rule_begins() - Whether a rule, or what is left of one, begins with a word */
bool rule_begins(const char *text, size_t length, const char *word);

#endif
