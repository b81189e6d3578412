/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * silence.h - what it means that nothing came back
 */
#ifndef PROBE_SILENCE_SILENCE_H
#define PROBE_SILENCE_SILENCE_H

struct lc_batch;
struct probe;

/** silence_settle() - Settle a probe on which all is at rest and nothing came */
void silence_settle(struct lc_batch *batch, struct probe *probe);

#endif
