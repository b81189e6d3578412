/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * legacy.h - rules of iptables-legacy and ip6tables-legacy, which nothing
 * traces, by their counters
 */
#ifndef POSTMORTEM_LEGACY_H
#define POSTMORTEM_LEGACY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct legacy;
struct lc_ends;
struct lc_lab;
struct lc_node;

/** legacy_begin() - Note what each rule has counted; NULL: there are none */
struct legacy *legacy_begin(struct lc_lab *lab);

/** legacy_end() - Note again; those that counted meanwhile are told */
void legacy_end(struct legacy *legacy);
void legacy_free(struct legacy *legacy);

/**
 * legacy_on() - Which rule or policy dropped or rejected a packet on a node
 * @ends:	The packet's; @protocol: IPPROTO_...
 * @text:	"rule 3 of chain FORWARD on host, `-d 10.0.0.1/32 -j DROP` (...)"
 *
 * Return: whether one did
 */
bool legacy_on(const struct legacy *legacy, const struct lc_node *node,
	       const struct lc_ends *ends, uint8_t protocol, char *text,
	       size_t size);

#endif
