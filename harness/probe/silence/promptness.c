// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * promptness.c - whether all that a lab does is done when the kernel is at rest
 *
 * So it is where the kernel alone carries packets, on our own processor: sentinels
 * show when it is at rest (sentinel.c).  An Open vSwitch is as good, since it can be
 * asked whether it has gone round (lab/openvswitch_turn.c).  Where other programs
 * carry packets, or tell a switch what to do, or a shaper keeps them, or interfaces
 * share them out to other processors and threads, there is no such proof.
 */
#include <string.h>

#include <labcheck/auto.h>

#include "lab/handover.h"
#include "lab/lab.h"
#include "lab/openvswitch_alone.h"
#include "lab/packet_readers.h"
#include "lab/qdiscs.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/silence/promptness.h"

/* Interfaces that hand packets to a program, or to other processors */
static bool link_is_prompt(const struct lc_link *link)
{
	return strcmp(link->kind, "tun") && strcmp(link->kind, "wireguard");
}

/* Those that leave broadcasts to a thread of the kernel's, on any processor */
static bool link_has_thread(const struct lc_link *link)
{
	static const char *const kinds[] = {
		"macvlan", "macvtap", "ipvlan", "ipvtap",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(link->kind, kinds[i]))
			return true;
	return false;
}

/* Packet sockets that are our own */
static int own_readers(const struct probe_node *n)
{
	int count;

	if (!n)
		return 0;
	count = (n->tap.fd >= 0) + (n->marker >= 0) + (n->recorder >= 0) +
		n->watchers;
	for (const struct packet_socket *s = n->captures; s; s = s->next)
		count++;
	return count;
}

/* Whether a node keeps no packets, nor hands them to a program; @threads: set if it
 * may leave some to a thread */
static bool node_is_prompt(struct lc_node *node, bool *threads)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	struct queues queues;
	size_t count = 0;

	if (node->plan->kind == NODE_ADOPTED ||
	    node_queues(node, &queues, NULL) || queues.shaped ||
	    node_has_packet_readers(node, own_readers(node->probe) +
					  openvswitch_readers(node)) ||
	    node_hands_over(node) ||
	    !openvswitch_is_alone(node) ||
	    lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!link_is_prompt(&links[i]) &&
		    !openvswitch_owns(node, &links[i]))
			return false;
		*threads |= link_has_thread(&links[i]);
	}
	return true;
}

/* Not created yet, or removed, and nobody lives in its namespace */
static bool is_gone(const struct lc_node *node)
{
	return node->plan->absent && !node_stands(node);
}

/* Commands may have changed any of it: asked anew for each batch */
static bool ask_prompt(struct lc_batch *b)
{
	if (!b->affinity)
		return false;
	for (size_t i = 0; i < b->lab->node_count; i++)
		if (b->lab->nodes[i].plan->kind != NODE_SHARED &&
		    !is_gone(&b->lab->nodes[i]) &&
		    !node_is_prompt(&b->lab->nodes[i], &b->threads))
			return false;
	return true;
}

bool lab_is_prompt(struct lc_batch *b)
{
	if (b->prompt == PROMPT_UNKNOWN)
		b->prompt = ask_prompt(b) ? PROMPT_YES : PROMPT_NO;
	return b->prompt == PROMPT_YES;
}
