/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expiry.h - probes whose time is up
 */
#ifndef PROBE_EXPIRY_H
#define PROBE_EXPIRY_H

struct lc_batch;

/** batch_expire() - Settle those of which there is nothing more to come, and see
 * to the others */
void batch_expire(struct lc_batch *batch);

/** batch_wait_ms() - How long until the next probe's time is up */
int batch_wait_ms(const struct lc_batch *batch);

#endif
