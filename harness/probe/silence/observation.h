/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observation.h - a probe is watched wherever it may be seen
 */
#ifndef PROBE_SILENCE_OBSERVATION_H
#define PROBE_SILENCE_OBSERVATION_H

struct lc_batch;
struct lc_err;
struct probe;

/** probe_observe() - Open taps at its sender, its target and all routers */
int probe_observe(struct lc_batch *batch, struct probe *probe,
		  struct lc_err *err);

#endif
