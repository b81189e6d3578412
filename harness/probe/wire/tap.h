/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.h - what the wire shows of probes, at their sender and their target
 */
#ifndef PROBE_WIRE_TAP_H
#define PROBE_WIRE_TAP_H

struct lc_batch;
struct lc_err;
struct lc_node;
struct watch;

/** tap_open() - Watch the wires of a node for this batch; from here on what it
 * shows counts */
int tap_open(struct lc_batch *batch, struct lc_node *node, struct lc_err *err);

/** tap_read() - All that it has seen by now */
void tap_read(struct lc_batch *batch, struct watch *watch);

#endif
