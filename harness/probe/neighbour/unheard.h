/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unheard.h - whether a sender's own "host unreachable" is about its neighbour
 */
#ifndef PROBE_NEIGHBOUR_UNHEARD_H
#define PROBE_NEIGHBOUR_UNHEARD_H

#include <net/if.h>
#include <stdbool.h>

#include <labcheck/probe.h>

struct lc_batch;
struct probe;

/**
 * outcome_of_hop() - What a sender's own kernel means by it
 * @ret_interface:	Which one has no carrier, if that is the outcome
 * @ret_unclear:	The probe is to go again; written where it can be
 *
 * Return: LC_NO_NEIGHBOR, LC_NO_CARRIER, or LC_BLOCKED: its own firewall
 */
enum lc_outcome outcome_of_hop(const struct lc_batch *batch,
			       const struct probe *probe,
			       char ret_interface[static IFNAMSIZ],
			       bool *ret_unclear);

#endif
