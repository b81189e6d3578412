/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.h - what labs side by side take of what the machine has once
 */
#ifndef HARNESS_SHARE_H
#define HARNESS_SHARE_H

#include <stdint.h>

struct plan;

/** share_limit() - How much there is for all labs together */
uint64_t share_limit(void);

/**
 * share_of() - How much a lab can take at most
 *
 * Return: at most @limit, which means that it has the machine for itself
 */
uint64_t share_of(const struct plan *plan, uint64_t limit);

#endif
