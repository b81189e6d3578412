/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_book.h - who has which address, as a batch has last seen it
 */
#ifndef PROBE_BATCH_ADDRESS_BOOK_H
#define PROBE_BATCH_ADDRESS_BOOK_H

#include <stdbool.h>

struct lc_batch;
struct lc_ip;
struct lc_node;

/** addresses_has() - Whether a node has an address */
bool addresses_has(struct lc_batch *batch, struct lc_node *node,
		   const struct lc_ip *ip);

/** addresses_holder() - The one node that has it; NULL: none, or several */
struct lc_node *addresses_holder(struct lc_batch *batch,
				 const struct lc_ip *ip);

/** addresses_forget() - What was seen of them may not be so any more */
void addresses_forget(struct lc_batch *batch);

#endif
