/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filters.h - which filter of tc(8) took a packet
 */
#ifndef POSTMORTEM_FILTERS_H
#define POSTMORTEM_FILTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/tc_filters.h"

struct lc_node;
struct sighting;
struct sightings;
struct tally;

/** filters_read() - What the filters of a node have done: a tally_read */
int filters_read(struct lc_node *node, void **ret_actions, size_t *ret_count);

/**
 * filters_on() - Which filter has taken packets of a protocol meanwhile
 * @seen:	What is redirected is seen where it comes to: what has moved others
 *		alone is none
 * @protocol:	ETH_P_...
 * @text:	"it got no further than egress of a:eth0, where ..."
 *
 * Return: whether one has
 */
bool filters_on(const struct tally *filters, const struct sightings *seen,
		struct lc_node *node, uint32_t ifindex, enum tc_hook hook,
		uint16_t protocol, char *text, size_t size);

/** filters_moved_to() - Which one has redirected some to where a packet was seen,
 * and may have met that one */
bool filters_moved_to(const struct tally *filters, const struct sightings *seen,
		      const struct sighting *there, uint16_t protocol,
		      char *text, size_t size);

#endif
