/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * processors.h - proof that no other processor has packets of a batch either
 */
#ifndef PROBE_SILENCE_PROCESSORS_H
#define PROBE_SILENCE_PROCESSORS_H

#include <stdbool.h>
#include <stddef.h>

struct lc_batch;
struct lc_err;

/** batch_is_late() - Whether timers may have sent packets on its account */
bool batch_is_late(const struct lc_batch *batch);

/**
 * processors_pass() - Send sentinels through each other processor that may have
 * packets of the batch
 * @count:	How many through each
 */
int processors_pass(struct lc_batch *batch, size_t count, struct lc_err *err);

#endif
