/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_text.h - chains and rules of a plan in the words of iptables
 */
#ifndef SCENARIO_RULE_TEXT_H
#define SCENARIO_RULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct plan_chain;
struct plan_rule;

/** rule_table_words - By enum rule_table: "filter", "nat", "raw"; NULL ends */
extern const char *const rule_table_words[];

/**
 * rule_write() - "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"
 *
 * As `iptables -S` shows it and iptables-restore reads it.
 */
void rule_write(FILE *out, const struct plan_rule *rule);

/** chain_write() - "-N DOCKER"; "-P FORWARD DROP" of a built-in one */
void chain_write(FILE *out, const struct plan_chain *chain);

/** rule_command(), chain_command() - The same behind "iptables -t nat ", for a
 * shell */
void rule_command(FILE *out, const struct plan_rule *rule);
void chain_command(FILE *out, const struct plan_chain *chain);

/** rule_text(), chain_text() - The command, cut where it doesn't fit */
const char *rule_text(const struct plan_rule *rule, char *text, size_t size);
const char *chain_text(const struct plan_chain *chain, char *text,
		       size_t size);

/** rule_maps_ports() - Whether the n-th port of one range becomes the n-th of
 * the other, instead of any of them */
bool rule_maps_ports(const struct plan_rule *rule);

#endif
