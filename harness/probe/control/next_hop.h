/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * next_hop.h - whether somebody answers on a link
 */
#ifndef PROBE_NEXT_HOP_H
#define PROBE_NEXT_HOP_H

#include <stdbool.h>

#include "probe/control/await.h"

struct lc_batch;
struct lc_ip;
struct lc_link;
struct lc_node;

/** next_hop_answers() - The next hop, or else a default gateway on that link;
 * @text: who, or who does not */
bool next_hop_answers(struct lc_batch *batch, struct lc_node *node,
		      const struct lc_link *link, const struct lc_ip *hop,
		      char text[static CONTROL_TEXT]);

/** inquiry_name() - What asking for an address is called */
const char *inquiry_name(const struct lc_ip *ip);

#endif
