/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drops.h - which rule of which node dropped a packet
 *
 * The kernel tells it: a packet that is marked for it (`meta nftrace set 1`) has
 * every rule that decides about it reported (nfnetlink, NFNLGRP_NFTRACE).
 */
#ifndef POSTMORTEM_DROPS_H
#define POSTMORTEM_DROPS_H

#include <stddef.h>

struct drops;
struct lc_ends;
struct lc_lab;
struct lc_node;
struct probe;

enum { DROP_TEXT = 512 };

/** drops_begin() - Have all packets in the lab traced; NULL: that can't be had */
struct drops *drops_begin(struct lc_lab *lab);

/**
 * drops_end() - Stop that, and leave no trace of it in the nodes
 * @probe:	Has ended; whose packets count.  NULL: nobody's do
 */
void drops_end(struct drops *drops, const struct probe *probe);
void drops_free(struct drops *drops);

/**
 * drops_on() - What dropped a packet on a node
 * @ends:	The packet's
 * @text:	"rule `tcp dport 80 drop` on host (chain input, ...)"
 *
 * Return: text, or NULL: nothing did
 */
const char *drops_on(const struct drops *drops, const struct lc_node *node,
		     const struct lc_ends *ends, char text[DROP_TEXT]);

#endif
