/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evidence.h - what was seen of a probe, noted where it is judged
 */
#ifndef PROBE_WIRE_EVIDENCE_H
#define PROBE_WIRE_EVIDENCE_H

#include <stdbool.h>

#include <labcheck/probe.h>

struct lc_node;
struct packet;
struct probe;

/** wire_ends() - Between whom a packet goes */
struct lc_ends wire_ends(const struct packet *packet);

/** wire_came_in() - A probe came into a node, for itself or to be passed on;
 * @type: sll_pkttype, see packet(7) */
void wire_came_in(struct probe *probe, struct lc_node *node,
		  const struct packet *packet, int type);

/** wire_went_on() - It left a node that it is not from */
void wire_went_on(struct probe *probe, const struct lc_node *node);

/** wire_answers() - Its target said something; the first word is the answer */
void wire_answers(struct probe *probe, const struct packet *packet);

/** wire_answered() - Its sender got something */
void wire_answered(struct probe *probe, const struct packet *packet);

/** probe_arrived() - Whether its target saw it, and not on its way to another */
bool probe_arrived(const struct probe *probe);

#endif
