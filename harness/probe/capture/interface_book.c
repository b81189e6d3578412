// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interface_book.c - the interfaces of a recording, and their numbers
 *
 * A packet socket tells an interface by its index, which may be another's by the
 * time that one asks: interfaces come, go and are renamed while steps run.  So
 * names are noted as the kernel tells them (link_news.c), before packets are
 * read.  What is there again under the same name, in the same node, is the same
 * interface to a reader.
 */
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/rtnl.h"
#include "probe/capture/interface_book.h"
#include "probe/capture/ring.h"

enum { UNMET = UINT32_MAX };

/** struct known_name - An interface; @number: in the book, or UNMET */
struct known_name {
	uint32_t node, ifindex, number;
	char name[IFNAMSIZ];
};

static struct known_name *find_name(struct interface_book *book,
				    uint32_t node, uint32_t ifindex)
{
	for (size_t i = 0; i < book->name_count; i++)
		if (book->names[i].node == node &&
		    book->names[i].ifindex == ifindex)
			return &book->names[i];
	return NULL;
}

static struct known_name *note_name(struct interface_book *book,
				    uint32_t node, uint32_t ifindex,
				    const char *name)
{
	struct known_name *k = find_name(book, node, ifindex), *names;

	if (!k) {
		names = reallocarray(book->names, book->name_count + 1,
				     sizeof(*names));
		if (!names)
			return NULL;
		book->names = names;
		k = &names[book->name_count++];
		*k = (struct known_name){ .node = node, .ifindex = ifindex };
	} else if (!strcmp(k->name, name)) {
		return k;
	}
	snprintf(k->name, sizeof(k->name), "%s", name);
	k->number = UNMET;
	return k;
}

void book_look(struct interface_book *book, struct lc_node *node)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++)
		note_name(book, node->index, links[i].ifindex, links[i].name);
}

void book_note(struct interface_book *book, const struct lc_node *node,
	       uint32_t ifindex, const char *name)
{
	note_name(book, node->index, ifindex, name);
}

/* One that nobody told of */
static struct known_name *look_up(struct interface_book *book,
				  struct lc_node *node, uint32_t ifindex)
{
	const struct plan_interface *f =
		plan_interface_by_index(node->plan, ifindex);
	char name[IFNAMSIZ] = "";
	struct rtnl *rtnl;

	if (!node_rtnl(node, &rtnl, NULL))
		rtnl_ifname(rtnl, ifindex, name);
	if (!*name)
		snprintf(name, sizeof(name), "%s", f ? f->name : "");
	if (!*name)
		snprintf(name, sizeof(name), "if%u", ifindex);
	return note_name(book, node->index, ifindex, name);
}

static enum pcapng_link link_of(const struct ring_packet *p)
{
	return p->hatype == ARPHRD_ETHER || p->hatype == ARPHRD_LOOPBACK ?
		       PCAPNG_ETHERNET : PCAPNG_RAW_IP;
}

static int enter(struct interface_book *book, const struct lc_node *node,
		 const char *ifname, enum pcapng_link link,
		 uint32_t *ret_number)
{
	lc_auto(lc_free) char *name = NULL;
	struct booked_interface *items;

	if (asprintf(&name, "%s:%s", lc_node_name(node), ifname) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	for (size_t i = 0; i < book->count; i++)
		if (book->items[i].link == link &&
		    !strcmp(book->items[i].name, name)) {
			*ret_number = (uint32_t)i;
			return 0;
		}
	items = reallocarray(book->items, book->count + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	book->items = items;
	items[book->count] = (struct booked_interface){
		.name = lc_steal(name), .link = link, .node = node->index,
	};
	*ret_number = (uint32_t)book->count++;
	return 0;
}

int book_number(struct interface_book *book, struct lc_node *node,
		const struct ring_packet *p, uint32_t *ret_number)
{
	struct known_name *k = find_name(book, node->index, p->ifindex);
	enum pcapng_link link = link_of(p);
	int r = 0;

	if (!k)
		k = look_up(book, node, p->ifindex);
	if (!k)
		return -ENOMEM;
	if (k->number == UNMET || book->items[k->number].link != link)
		r = enter(book, node, k->name, link, &k->number);
	if (r)
		return r;
	book->items[k->number].received++;
	*ret_number = k->number;
	return 0;
}

void book_write(struct interface_book *book, struct pcapng *out)
{
	for (; book->written < book->count; book->written++)
		pcapng_add_interface(out, book->items[book->written].name,
				     book->items[book->written].link,
				     RING_FRAME);
}

void book_done(struct interface_book *book)
{
	for (size_t i = 0; i < book->count; i++)
		free(book->items[i].name);
	free(book->items);
	free(book->names);
	*book = (struct interface_book){ 0 };
}
