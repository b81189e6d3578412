/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - which address the words of a step stand for
 */
#ifndef PROBE_TARGET_H
#define PROBE_TARGET_H

struct lc_err;
struct probe;

/** probe_address() - The one that a probe is sent to, into seen.address */
int probe_address(struct probe *probe, struct lc_err *err);

#endif
