/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * promptness.h - whether all that a lab does is done when the kernel is at rest
 */
#ifndef PROBE_SILENCE_PROMPTNESS_H
#define PROBE_SILENCE_PROMPTNESS_H

#include <stdbool.h>

struct lc_batch;

/** lab_is_prompt() - Whether all of it is the kernel's own, without shapers, or
 * Open vSwitch that can be asked; found out once a batch */
bool lab_is_prompt(struct lc_batch *batch);

#endif
