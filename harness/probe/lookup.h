/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lookup.h - names of targets, as their senders find them
 */
#ifndef PROBE_LOOKUP_H
#define PROBE_LOOKUP_H

#include <stdbool.h>

struct lc_batch;
struct lc_err;
struct probe;

/** lookups_run() - Look up all that the probes of a batch name */
int lookups_run(struct lc_batch *batch, struct lc_err *err);
void lookups_free(struct lc_batch *batch);

/** lookup_found() - Its address, into seen.address; false: there is none, and it
 * is settled */
bool lookup_found(struct lc_batch *batch, struct probe *probe);

#endif
