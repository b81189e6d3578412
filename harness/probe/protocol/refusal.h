/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refusal.h - what it means that the sender's own kernel does not send
 */
#ifndef PROBE_PROTOCOL_REFUSAL_H
#define PROBE_PROTOCOL_REFUSAL_H

struct lc_batch;
struct probe;

/**
 * probe_refused_locally() - Settle a probe that it refused, or have it sent again
 * @call:	What it was asked to do
 * @error:	A positive errno
 */
void probe_refused_locally(struct lc_batch *batch, struct probe *probe,
			   const char *call, int error);

#endif
