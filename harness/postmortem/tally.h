/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - what each node counts of something, before a probe and after it
 */
#ifndef POSTMORTEM_TALLY_H
#define POSTMORTEM_TALLY_H

#include <stddef.h>

struct lc_lab;
struct lc_node;

/**
 * tally_read - Read what one node has counted so far
 * @ret_items:	An array; free() frees it
 *
 * Return: 0 or -errno; @ret_items and @ret_count are untouched then
 */
typedef int (*tally_read)(struct lc_node *node, void **ret_items,
			  size_t *ret_count);

/** struct tally_node - Of one node; @after is NULL as long as it is not known */
struct tally_node {
	void *before, *after;
	size_t before_count, after_count;
};

struct tally;

/** tally_begin() - Note it for all nodes of a lab; NULL: no memory */
struct tally *tally_begin(struct lc_lab *lab, tally_read read);

/** tally_end() - Note it again; what comes later is of no interest */
void tally_end(struct tally *tally);
void tally_free(struct tally *tally);

/** tally_of() - What a node has counted; of no tally (NULL), and of a node that tells
 * nothing, that is nothing */
const struct tally_node *tally_of(const struct tally *tally,
				  const struct lc_node *node);

#endif
