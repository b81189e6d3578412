/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * batch.h - the probes under way together
 *
 * Only what belongs to the batch as a whole is here.  Each part of the engine has a
 * place for what it remembers from one probe to the next, which is its own to know.
 */
#ifndef PROBE_BATCH_BATCH_H
#define PROBE_BATCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/value.h>

#include "probe/packet/packet.h"

struct absence;
struct address_book;
struct control;
struct crowd;
struct doubles;
struct lc_lab;
struct lc_node;
struct lookup;
struct probe;
struct questions;
struct sentinel_affinity;
struct server;
struct strangers;

/** struct strange_syn - A SYN seen by a tap, whose probe was not known then */
struct strange_syn {
	struct lc_node *node;
	struct packet packet;
	int type;
};

enum { STRANGE_SYNS = 128 };

/** struct awaited_mark - A mark of a control, and where it must come in */
struct awaited_mark {
	uint32_t serial;
	const struct lc_node *node;
	uint32_t ifindex;
	bool seen;
};

/** struct awaited_answer - Who must answer a control, and to whom */
struct awaited_answer {
	struct lc_ip ip;
	const struct lc_node *node;
	uint32_t ifindex;
	bool answered;
};

enum prompt { PROMPT_UNKNOWN, PROMPT_YES, PROMPT_NO };

/**
 * struct lc_batch - Probes under way together
 * @number:	No other batch of this run has it
 * @affinity:	Held while it runs: one processor, see sentinel.c
 * @prompt:	Whether all the lab is the kernel's own, without shapers, or Open
 *		vSwitch that can be asked
 * @threads:	Whether threads of the kernel's carry some of what is sent in it
 * @switch_ports: Those of Open vSwitch, which is on our processor; 0: none
 * @sending:	The probe that is being sent right now, or NULL
 * @began_ns:	Before the first was sent
 * @overflows:	Of the machine's neighbour tables, before the batch
 * @paced_until_ns: When the last of all paced probes is due
 * @quiet_ns:	What was sent before then is not under way any more
 * @strange:	The last @strange_count SYNs of nobody that taps saw, a ring
 * @crowd:	Of a large batch, see crowd.c
 * @addresses:	Of its nodes, see address_book.c; @doubles: see doubles.c
 * @questions:	For neighbours, as taps have seen them, and @absence: of a batch in
 *		which somebody may be missing, see absence.c; else NULL
 * @strangers:	Where each is to ask for each, see strangers.c; else NULL
 * @held:	How many probes are not to be sent before others are settled
 * @unread:	Echoes of volleys since all sockets were read
 * @controls:	Of its senders; @mark, @inquiry: what they wait for, see control.c
 */
struct lc_batch {
	struct lc_lab *lab;
	uint64_t number;
	struct probe **probes;
	size_t count;
	struct lc_seen *seen;
	struct server *servers;
	struct lookup *lookups;
	int epoll;
	uint32_t first_serial;
	struct probe **by_serial;	/* from first_serial on */
	size_t serial_count;
	size_t unsettled;
	struct sentinel_affinity *affinity;
	enum prompt prompt;
	bool threads;
	size_t switch_ports;
	struct probe *sending;
	uint64_t began_ns, overflows, paced_until_ns, quiet_ns;
	bool routers_observed;
	struct strange_syn strange[STRANGE_SYNS];
	size_t strange_count;
	struct crowd *crowd;
	struct address_book *addresses;
	struct doubles *doubles;
	struct questions *questions;
	struct absence *absence;
	struct strangers *strangers;
	size_t held, unread;
	struct control *controls;
	struct awaited_mark mark;
	struct awaited_answer inquiry;
};

#endif
