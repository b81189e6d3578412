/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drop_words.h - the rule that decided against a packet, in words
 */
#ifndef POSTMORTEM_DROP_WORDS_H
#define POSTMORTEM_DROP_WORDS_H

#include <stdint.h>

#include "postmortem/drops.h"

/** struct drop - A decision against a packet; @passage: of it (passages.h) */
struct drop {
	struct lc_node *node;
	size_t passage;
	uint8_t family;
	char table[64], chain[64];
	uint64_t handle;		/* 0: the chain's policy */
};

/** drop_tell() - "rule `tcp dport 80 drop` on host (chain input, ...)" */
void drop_tell(const struct drop *drop, char text[DROP_TEXT]);

#endif
