/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * questions.h - which neighbours were asked for in a batch, as taps have seen it
 */
#ifndef PROBE_WIRE_QUESTIONS_H
#define PROBE_WIRE_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/value.h>

struct lc_batch;
struct lc_node;

/**
 * struct question - One that was seen leaving a node
 * @unplugged:	Or that can't have left, nor been answered: its interface has no
 *		carrier
 * @over:	The kernel was told to give up since
 */
struct question {
	const struct lc_node *node;
	uint32_t ifindex;
	struct lc_ip ip;
	bool unplugged, over;
};

/**
 * struct questions - Those of a batch in which somebody may be missing
 * @all:	tsearch(3)
 * @askers:	The nodes that have put them, or may have
 */
struct questions {
	void *all;
	struct lc_node **askers;
	size_t asker_count;
};

/** questions_begin() - From here on they are noted, into batch.questions; NULL:
 * out of memory */
struct questions *questions_begin(struct lc_batch *batch);
void questions_free(struct lc_batch *batch);

/** question_seen() - A tap saw a node ask for a neighbour */
void question_seen(struct lc_batch *batch, struct lc_node *node,
		   uint32_t ifindex, const struct lc_ip *ip);

/** question_unplugged() - A node asks for a neighbour by an interface without carrier;
 * NULL: out of memory */
struct question *question_unplugged(struct lc_batch *batch,
				    struct lc_node *node, uint32_t ifindex,
				    const struct lc_ip *ip);

/** question_asker() - A node may have put some that no tap shows */
void question_asker(struct lc_batch *batch, struct lc_node *node);

/** question_find() - NULL: it was not seen */
struct question *question_find(const struct lc_batch *batch,
			       const struct lc_node *node, uint32_t ifindex,
			       const struct lc_ip *ip);

#endif
