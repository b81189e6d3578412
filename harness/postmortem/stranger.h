/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stranger.h - a neighbour that was not heard, and has been heard of since
 */
#ifndef POSTMORTEM_STRANGER_H
#define POSTMORTEM_STRANGER_H

#include <labcheck/lab.h>
#include <labcheck/probe.h>

struct probe;

/** struct stranger - What a node knows of a neighbour; @node NULL: nothing */
struct stranger {
	struct lc_node *node;
	struct lc_neighbour entry;
};

/** stranger_forget() - Have the sender forget the neighbour it asked in vain */
void stranger_forget(struct stranger *stranger, const struct probe *probe,
		     enum lc_outcome outcome);

/** stranger_recall() - Let it know again what it knew, unless it knows more */
void stranger_recall(struct stranger *stranger);

#endif
