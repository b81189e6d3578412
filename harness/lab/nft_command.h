/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_command.h - commands of nft, given to nodes while the lab runs
 */
#ifndef LAB_NFT_COMMAND_H
#define LAB_NFT_COMMAND_H

#include <stddef.h>

struct lc_node;

/**
 * nft_command() - Give the same commands to some nodes, by libnftables
 * @output:	What it says in the last of them, with the handles of rules and
 *		without what they have counted; "" if it says nothing.  NULL: unasked
 *
 * Return: how many of the nodes took them; -errno: none could be asked
 */
int nft_command(struct lc_node *const *nodes, size_t count, const char *text,
		char *output, size_t size);

#endif
