/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * legacy_table.h - a table of iptables-legacy or ip6tables-legacy, as the kernel
 * has it
 */
#ifndef POSTMORTEM_LEGACY_TABLE_H
#define POSTMORTEM_LEGACY_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <labcheck/value.h>

struct lc_node;
struct legacy_table;
struct xt_entry_match;
struct xt_entry_target;

enum { LEGACY_NAMES = 256 };

/** legacy_names() - The tables that a node has in use, a line each.  Others are not
 * to be asked for, since that would make them */
void legacy_names(struct lc_node *node, int family, char names[LEGACY_NAMES]);

/** legacy_read() - One of them; NULL: it can't be read.  free() it */
struct legacy_table *legacy_read(struct lc_node *node, int family,
				 const char *name);

/** legacy_same_shape() - Whether two have rules at the same places */
bool legacy_same_shape(const struct legacy_table *a,
		       const struct legacy_table *b);

/**
 * struct legacy_entry - A rule, a policy, or the head of a chain
 * @inverted:	IPT_INV_...: which of the following are negated
 * @matches:	All of the entry's, behind one another, @matches_size bytes
 */
struct legacy_entry {
	struct lc_ip source, source_mask, destination, destination_mask;
	const char *in, *out;
	uint16_t protocol;
	uint8_t inverted;
	uint64_t packets;
	const struct xt_entry_match *matches;
	unsigned int matches_size;
	const struct xt_entry_target *target;
};

/**
 * struct legacy_place - Where a walk through a table is; begin with all zero
 * @chain, @rule: Its chain, and the number of the rule there, as `-L` counts
 * @policy:	It is the chain's policy
 */
struct legacy_place {
	unsigned int offset;
	char chain[64];
	unsigned int rule;
	bool policy;
};

/** legacy_next() - The next entry of a table, at its place; false: no more */
bool legacy_next(const struct legacy_table *table, struct legacy_place *place,
		 struct legacy_entry *ret_entry);

/** legacy_write() - An entry as iptables-save has it, without its chain
 * (legacy_words.c) */
void legacy_write(FILE *out, const struct legacy_entry *entry);

/** legacy_matches() - Whether it is about a packet, as far as that shows
 * (legacy_words.c); @protocol: IPPROTO_... */
bool legacy_matches(const struct legacy_entry *entry,
		    const struct lc_ends *ends, uint8_t protocol);

#endif
