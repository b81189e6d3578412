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

struct filter_watch;
struct lc_lab;
struct lc_node;

/** filters_begin() - Note what each filter of the lab has done; NULL: no memory */
struct filter_watch *filters_begin(struct lc_lab *lab);

/** filters_end() - Note again */
void filters_end(struct filter_watch *filters);
void filters_free(struct filter_watch *filters);

/**
 * filters_on() - Which filter has taken packets of a protocol meanwhile
 * @protocol:	ETH_P_...
 * @text:	"it got no further than egress of a:eth0, where ..."
 *
 * Return: whether one has
 */
bool filters_on(const struct filter_watch *filters, struct lc_node *node,
		uint32_t ifindex, enum tc_hook hook, uint16_t protocol,
		char *text, size_t size);

/** filters_moved_to() - Which one has redirected some to an interface of its node */
bool filters_moved_to(const struct filter_watch *filters, struct lc_node *node,
		      uint32_t ifindex, uint16_t protocol, char *text,
		      size_t size);

#endif
