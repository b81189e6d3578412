/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - that a sender can send, where nothing came of what it sent
 */
#ifndef PROBE_CONTROL_CONTROL_H
#define PROBE_CONTROL_CONTROL_H

struct lc_batch;

/** controls_run() - For all probes of a batch that are to fail */
void controls_run(struct lc_batch *batch);
void controls_free(struct lc_batch *batch);

#endif
