/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.h - policies of IPsec (ip xfrm policy) that let no plain packet pass
 */
#ifndef LAB_IPSEC_H
#define LAB_IPSEC_H

#include <stdbool.h>
#include <stdint.h>

struct lc_ends;
struct lc_node;

/** enum ipsec_way - What a node does with a packet; the kernel's own numbers */
enum ipsec_way { IPSEC_IN, IPSEC_OUT, IPSEC_FORWARD };

/**
 * struct ipsec_policy - The one that decides about a packet
 * @blocks:	Nothing passes; else what passes does so through IPsec
 * @keyed:	The node has keys, so it may be that it does
 * @text:	"src 10.0.0.0/24 dst 10.0.1.1/32 dir in action block"; "": no policy is
 *		about it, and such are forbidden
 */
struct ipsec_policy {
	bool blocks, keyed;
	char text[256];
};

/**
 * node_ipsec_policy() - Which one is against a packet that goes without IPsec
 * @ends:	The packet's; ports may be 0 (not known).  Source of family 0: what
 *		the node itself sends there
 * @protocol:	IPPROTO_...
 *
 * Return: false if none is, or if the kernel doesn't tell
 */
bool node_ipsec_policy(struct lc_node *node, enum ipsec_way way,
		       const struct lc_ends *ends, uint8_t protocol,
		       struct ipsec_policy *ret_policy);

#endif
