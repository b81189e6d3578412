/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drops.h - which rule of which node dropped a packet
 */
#ifndef POSTMORTEM_DROPS_H
#define POSTMORTEM_DROPS_H

#include <stdbool.h>
#include <stddef.h>

#include "postmortem/sighting.h"

struct drops;
struct lc_lab;
struct sieve;

enum { DROP_TEXT = 512 };

/** drops_begin() - Have rules tell what they do to a probe; NULL: no memory */
struct drops *drops_begin(struct lc_lab *lab, const struct sieve *sieve);

/**
 * drops_end() - Stop that, and leave no trace of it in the nodes
 * @probe:	Has ended; whose packets count.  NULL: nobody's do
 */
void drops_end(struct drops *drops, const struct probe *probe);

/** drops_incomplete() - The kernel had no room for all that it was to tell */
bool drops_incomplete(const struct drops *drops);
void drops_free(struct drops *drops);

/**
 * drops_on() - What dropped a packet on a node
 * @kind:	SEEN_QUESTION, SEEN_ANSWER: that one alone; else any of the probe's
 * @ends:	The packet's, as a sighting has them; of a question that was not seen
 *		the source is left out: it is the node's own
 * @text:	"rule `tcp dport 80 drop` on host (chain input, ...)"
 *
 * Return: text, or NULL: nothing did
 */
const char *drops_on(const struct drops *drops, const struct lc_node *node,
		     enum sighting_kind kind, const struct lc_ends *ends,
		     char text[DROP_TEXT]);

/**
 * drops_led_to() - Where rules have led a packet that came to a node
 * @ends:	As it came; its destination becomes what that was made into
 *
 * Return: whether it was led elsewhere
 */
bool drops_led_to(const struct drops *drops, const struct lc_node *node,
		  struct lc_ends *ends);

#endif
