/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interface_book.h - the interfaces of a recording, and their numbers
 */
#ifndef PROBE_INTERFACE_BOOK_H
#define PROBE_INTERFACE_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "report/pcapng.h"

struct lc_node;
struct ring_packet;

/**
 * struct booked_interface - One that a packet has crossed
 * @name:	NODE:INTERFACE
 * @node:	The number of its node in the plan
 */
struct booked_interface {
	char *name;
	enum pcapng_link link;
	uint32_t node;
	uint64_t received;
};

/**
 * struct interface_book - They are numbered as they come
 * @written:	How many of them the file knows
 * @names:	What is known of interfaces by their index, met or not
 */
struct interface_book {
	struct booked_interface *items;
	size_t count, written;
	struct known_name *names;
	size_t name_count;
};

void book_done(struct interface_book *book);

/** book_look() - Note the names of all interfaces that a node has */
void book_look(struct interface_book *book, struct lc_node *node);

/** book_note() - One of a node's interfaces has come, or has another name */
void book_note(struct interface_book *book, const struct lc_node *node,
	       uint32_t ifindex, const char *name);

/** book_number() - Of the interface that a packet crossed, which is counted;
 * -ENOMEM */
int book_number(struct interface_book *book, struct lc_node *node,
		const struct ring_packet *p, uint32_t *ret_number);

/** book_write() - Describe those that the file does not know yet */
void book_write(struct interface_book *book, struct pcapng *out);

#endif
