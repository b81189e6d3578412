/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.h - which policy of IPsec threw a packet away
 */
#ifndef POSTMORTEM_IPSEC_H
#define POSTMORTEM_IPSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_ends;
struct lc_node;
struct tally;

/** ipsec_read() - What IPsec has refused on a node, by reasons: a tally_read */
int ipsec_read(struct lc_node *node, void **ret_counts, size_t *ret_count);

/**
 * ipsec_on() - What of IPsec is against a packet that a node had
 * @ends:	The packet's; source of family 0: the node is to send it
 * @text:	"IPsec policy `...` on c forbids it (XfrmInPolBlock)"
 *
 * Return: whether there is such a policy, and something was refused meanwhile for
 * the reason that it gives
 */
bool ipsec_on(const struct tally *refusals, struct lc_node *node,
	      const struct lc_ends *ends, uint8_t protocol, char *text,
	      size_t size);

#endif
