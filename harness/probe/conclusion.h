/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conclusion.h - what each probe of a batch came to
 */
#ifndef PROBE_CONCLUSION_H
#define PROBE_CONCLUSION_H

struct lc_batch;

/** neighbour_overflows_note() - Of the machine's neighbour tables, before the first probe */
void neighbour_overflows_note(struct lc_batch *batch);

/** batch_conclude() - When all are settled, into batch.seen */
void batch_conclude(struct lc_batch *batch);

#endif
