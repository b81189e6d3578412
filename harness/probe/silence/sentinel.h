/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sentinel.h - proof that this processor has handled what it was given
 */
#ifndef PROBE_SENTINEL_H
#define PROBE_SENTINEL_H

#include <stddef.h>

struct lc_err;

struct sentinel_affinity;

/**
 * sentinel_pin() - Stay on the processor that we are on
 *
 * Return: where we were allowed to be before; NULL: it can't be done
 */
struct sentinel_affinity *sentinel_pin(void);

/** sentinel_unpin() - Go back to that, and free it; NULL is fine */
void sentinel_unpin(struct sentinel_affinity *before);

/**
 * sentinel_pass() - Send datagrams through this processor's receive queue
 * @count:	How many, one after the other
 *
 * Return: 0 when each came back; -ETIME when one did not in a long time
 */
int sentinel_pass(size_t count, struct lc_err *err);

/** sentinel_pass_elsewhere() - The same on each other processor that we were allowed
 * to be on before, or can get to; and come back */
int sentinel_pass_elsewhere(const struct sentinel_affinity *before,
			    size_t count, struct lc_err *err);

#endif
