/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scope.h - by which interface a link-local address is meant
 */
#ifndef PROBE_SCOPE_H
#define PROBE_SCOPE_H

struct lc_batch;
struct lc_err;
struct probe;

/** probe_find_scope() - That of its destination, into probe.scope */
int probe_find_scope(struct lc_batch *batch, struct probe *probe,
		     struct lc_err *err);

#endif
