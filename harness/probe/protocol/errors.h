/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * errors.h - what ICMP says about a probe
 */
#ifndef PROBE_PROTOCOL_ERRORS_H
#define PROBE_PROTOCOL_ERRORS_H

struct lc_batch;
struct probe;
struct queued_error;

/** probe_error_queued() - Settle a probe for which an ICMP or local error was
 * queued, or have it sent again */
void probe_error_queued(struct lc_batch *batch, struct probe *probe,
			const struct queued_error *error);

#endif
