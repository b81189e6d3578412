/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_holder.h - who has an address, as the kernel knows it
 */
#ifndef LAB_ADDRESS_HOLDER_H
#define LAB_ADDRESS_HOLDER_H

#include <stdbool.h>

struct lc_ip;
struct lc_lab;
struct lc_node;

/** node_has_address() - Whether a node has it on any interface; each has all of
 * loopback */
bool node_has_address(struct lc_node *node, const struct lc_ip *ip);

/** node_holding() - The one node that has it; NULL: none, or several */
struct lc_node *node_holding(struct lc_lab *lab, const struct lc_ip *ip);

#endif
