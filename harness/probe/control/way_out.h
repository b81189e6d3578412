/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * way_out.h - whether what leaves by an interface gets out of its node
 */
#ifndef PROBE_WAY_OUT_H
#define PROBE_WAY_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/control/await.h"

struct lc_batch;
struct lc_link;
struct lc_node;

enum way {
	WAY_WORKS,
	WAY_FAILS,
	WAY_UNKNOWN,	/* it ends where nobody can look */
};

/**
 * way_out() - Send a mark out of an interface, and look where it must come in
 * @text:	What was seen, or not; untouched if WAY_UNKNOWN
 */
enum way way_out(struct lc_batch *batch, struct lc_node *node,
		 const struct lc_link *link, char text[static CONTROL_TEXT]);

#endif
