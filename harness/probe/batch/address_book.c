// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_book.c - who has which address, as a batch has last seen it
 *
 * A hundred probes that are prepared together, or whose errors come in together,
 * would each ask every node of the lab for its addresses.  What was read for one
 * of them holds for the others: until something is sent or waited for.
 */
#include <stdlib.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "probe/batch/address_book.h"
#include "probe/batch/batch.h"
#include "scenario/address.h"

/** struct page - The addresses of a node; without @known still to be read */
struct page {
	struct lc_interface_address *list;
	size_t count;
	bool known;
};

struct address_book {
	struct page *pages;		/* as the nodes of the lab */
	size_t count;
};

void addresses_forget(struct lc_batch *b)
{
	struct address_book *book = b->addresses;

	if (!book)
		return;
	for (size_t i = 0; i < book->count; i++)
		free(book->pages[i].list);
	free(book->pages);
	free(book);
	b->addresses = NULL;
}

static struct address_book *book_of(struct lc_batch *b)
{
	struct address_book *book = b->addresses;

	if (book)
		return book;
	book = calloc(1, sizeof(*book));
	if (book)
		book->pages = calloc(b->lab->node_count + 1,
				     sizeof(*book->pages));
	if (!book || !book->pages) {
		free(book);
		return NULL;
	}
	book->count = b->lab->node_count;
	return b->addresses = book;
}

bool addresses_has(struct lc_batch *b, struct lc_node *node,
		   const struct lc_ip *ip)
{
	struct address_book *book = book_of(b);
	struct page *page;

	if (!book)
		return node_has_address(node, ip);
	if (ip->family && ip_is_loopback(ip))
		return true;
	page = &book->pages[node->index];
	if (!page->known) {
		if (lc_node_addresses(node, &page->list, &page->count, NULL))
			return false;
		page->known = true;
	}
	for (size_t i = 0; i < page->count; i++)
		if (ip_equal(&page->list[i].ip, ip))
			return true;
	return false;
}

struct lc_node *addresses_holder(struct lc_batch *b, const struct lc_ip *ip)
{
	struct lc_node *holder = NULL;

	if (ip_is_loopback(ip))
		return NULL;
	for (size_t i = 0; i < b->lab->node_count; i++) {
		struct lc_node *node = &b->lab->nodes[i];

		if (node->plan->kind == NODE_SHARED || node->netns < 0 ||
		    !addresses_has(b, node, ip))
			continue;
		if (holder)
			return NULL;
		holder = node;
	}
	return holder;
}
