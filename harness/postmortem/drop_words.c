// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drop_words.c - the rule that decided against a packet, in words
 *
 * Its own words come from the plan where the plan made it, else from nft.
 */
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>

#include <linux/netfilter.h>

#include "lab/lab.h"
#include "lab/netfilter.h"
#include "lab/nft_command.h"
#include "postmortem/drop_words.h"
#include "scenario/rule_text.h"

static const char *family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_ARP:
		return "arp";
	case NFPROTO_NETDEV:
		return "netdev";
	case NFPROTO_BRIDGE:
		return "bridge";
	}
	return "?";
}

/* The line of a listing that ends in "# handle N", without that */
static bool line_of(char *listing, uint64_t handle, char *text, size_t size)
{
	char mark[48], *line, *end, *rest = listing;

	snprintf(mark, sizeof(mark), " # handle %llu",
		 (unsigned long long)handle);
	while ((line = strsep(&rest, "\n"))) {
		end = strstr(line, mark);
		if (!end || end[strlen(mark)] || strstr(line, "chain "))
			continue;
		*end = '\0';
		line += strspn(line, "\t ");
		snprintf(text, size, "%s", line);
		return true;
	}
	return false;
}

static bool rule_words(const struct drop *drop, char *text, size_t size)
{
	const struct plan_rule *rule =
		drop->family == NFPROTO_IPV4 ?
			netfilter_rule(drop->node, drop->handle) : NULL;
	struct lc_node *nodes[] = { drop->node };
	char command[200], listing[16384];

	if (rule) {
		rule_text(rule, text, size);
		return true;
	}
	snprintf(command, sizeof(command), "list chain %s %s %s",
		 family_word(drop->family), drop->table, drop->chain);
	if (nft_command(nodes, 1, command, listing, sizeof(listing)) < 1)
		return false;
	return line_of(listing, drop->handle, text, size);
}

void drop_tell(const struct drop *drop, char text[DROP_TEXT])
{
	const char *family = family_word(drop->family);
	const char *name = lc_node_name(drop->node);
	char words[160];

	if (!drop->handle)
		snprintf(text, DROP_TEXT,
			 "the policy of chain %s on %s (table %s %s)",
			 drop->chain, name, family, drop->table);
	else if (rule_words(drop, words, sizeof(words)))
		snprintf(text, DROP_TEXT,
			 "rule `%s` on %s (chain %s, table %s %s, handle %llu)",
			 words, name, drop->chain, family, drop->table,
			 (unsigned long long)drop->handle);
	else
		snprintf(text, DROP_TEXT,
			 "rule %llu on %s (chain %s, table %s %s)",
			 (unsigned long long)drop->handle, name,
			 drop->chain, family, drop->table);
}
