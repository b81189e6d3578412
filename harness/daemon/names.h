/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - who answers to which name in a lab; pure
 */
#ifndef DAEMON_NAMES_H
#define DAEMON_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct dns_question;
struct dns_reply;
struct lc_ip;
struct plan;
struct plan_endpoint;

/**
 * names_answer() - What a container's resolver knows by itself
 * @node:	Whose: index of an owner
 * @turn:	Where several have the name, whose turn it is to stand first
 * @ret_reply:	Its records are the caller's to free()
 *
 * Return: 1; 0 if it is for others to know; -ENOMEM
 */
int names_answer(const struct plan *plan, uint32_t node,
		 const struct dns_question *question, unsigned int turn,
		 struct dns_reply *ret_reply);

/** names_reverse() - Of which address a name tells whose it is
 * ("3.0.18.172.in-addr.arpa"); false: of none */
bool names_reverse(const char *name, struct lc_ip *ret_ip);

/** names_called() - Whether a node has that name, or an alias, in a network, also
 * with the network's own name behind it */
bool names_called(const struct plan *plan, const struct plan_endpoint *end,
		  const char *name);

#endif
