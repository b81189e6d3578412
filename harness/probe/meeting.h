/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meeting.h - all nodes of a large batch get to know each other
 */
#ifndef PROBE_MEETING_H
#define PROBE_MEETING_H

struct lc_batch;

/** meeting_hold() - All learn of all, so that each pair need not ask */
void meeting_hold(struct lc_batch *batch);

#endif
