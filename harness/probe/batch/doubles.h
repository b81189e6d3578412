/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doubles.h - which addresses more than one node of the lab has
 */
#ifndef PROBE_BATCH_DOUBLES_H
#define PROBE_BATCH_DOUBLES_H

#include <stdbool.h>

struct lc_batch;
struct lc_ip;

/** address_is_doubled() - As the file says it; true also if there is no memory to
 * tell */
bool address_is_doubled(struct lc_batch *batch, const struct lc_ip *ip);

void doubles_free(struct lc_batch *batch);

#endif
