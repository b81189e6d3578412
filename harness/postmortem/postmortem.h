/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * postmortem.h - where a packet ended, and why
 *
 * A probe whose check has failed is sent again, watched on every interface of the
 * lab and by every rule.  A run in which all passes pays nothing for it.
 */
#ifndef POSTMORTEM_POSTMORTEM_H
#define POSTMORTEM_POSTMORTEM_H

struct lc_batch;
struct lc_lab;
struct lc_seen;
struct lc_verdict;

/**
 * postmortem() - Add `journey` and `died` to a verdict that failed
 * @batch:	The batch that the check judged; its servers are closed
 * @about:	Of which of its probes the verdict speaks
 */
void postmortem(struct lc_lab *lab, struct lc_batch *batch,
		const struct lc_seen *about, struct lc_verdict *v);

#endif
