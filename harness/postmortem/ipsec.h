/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.h - which policy of IPsec threw a packet away
 */
#ifndef POSTMORTEM_IPSEC_H
#define POSTMORTEM_IPSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipsec_watch;
struct lc_ends;
struct lc_lab;
struct lc_node;

/** ipsec_begin() - Note what IPsec has refused on each node; NULL: no memory */
struct ipsec_watch *ipsec_begin(struct lc_lab *lab);

/** ipsec_end() - Note again */
void ipsec_end(struct ipsec_watch *watch);
void ipsec_free(struct ipsec_watch *watch);

/**
 * ipsec_on() - What of IPsec is against a packet that a node had
 * @ends:	The packet's; source of family 0: the node is to send it
 * @text:	"IPsec policy `...` on c forbids it (XfrmInPolBlock)"
 *
 * Return: whether there is such a policy, and something was refused meanwhile for
 * the reason that it gives
 */
bool ipsec_on(const struct ipsec_watch *watch, struct lc_node *node,
	      const struct lc_ends *ends, uint8_t protocol, char *text,
	      size_t size);

#endif
