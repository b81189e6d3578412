/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause_names.h - what questions for names and for addresses have in common
 */
#ifndef POSTMORTEM_CAUSE_NAMES_H
#define POSTMORTEM_CAUSE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inquest;
struct lc_ip;
struct plan;
struct plan_endpoint;

/** names_ask_embedded() - The probe asked the name server inside a container */
bool names_ask_embedded(const struct inquest *q);

/** names_last_asked() - Whom it asked in turn, and whose word it passed back: that of
 * the last one, whatever those before had said */
const struct lc_ip *names_last_asked(const struct inquest *q);

/** names_end_in() - A node's own endpoint in a network, or NULL */
const struct plan_endpoint *names_end_in(const struct plan *plan, uint32_t node,
					 uint32_t network);

/** names_networks() - "front and back": the networks of a node */
void names_networks(const struct plan *plan, uint32_t node, char *text,
		    size_t size);

/** cause_reverse() - Whose an address is was asked, and not told
 * (cause_reverse.c) */
bool cause_reverse(struct inquest *q);

#endif
