// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * absence.c - proof that a neighbour is not there
 *
 * The kernel asks for a neighbour three times, and takes 12 ms for each at the
 * least.  That is how programs are to find the lab; but a probe need not wait
 * for it.  In a lab of the kernel's own the answer to a question is there when
 * the question has come to rest, and a second one would find the same.  So when a
 * question was seen leaving, all is at rest, and the neighbour is still asked
 * for, then it is absent.  And what a kernel asks by an interface without carrier
 * leaves nowhere.  The kernel is told to give up at once, and reports that as it
 * would have: to the probe, or in an ICMP error from a router.
 *
 * That is believed only if
 * - all is at rest by sentinels (quiet.c), and no interface hands broadcasts to
 *   another thread, as macvlan does;
 * - no process but ours is in the lab: it may have asked on another processor,
 *   which sentinels know nothing of, and its packets would be given up with ours;
 * - no processor had to throw a packet away: questions are broadcast, and in a
 *   large network they overflow receive queues without a word;
 * - the kernel owes nobody an answer in another host's place, which it gives after
 *   a random time.
 * Else the kernel asks on, and has its own last word.
 */
#include <errno.h>
#include <net/if.h>
#include <linux/if.h>
#include <stdlib.h>
#include <string.h>
#include <linux/neighbour.h>

#include <labcheck/auto.h>

#include "lab/address_message.h"
#include "lab/backlog.h"
#include "lab/company.h"
#include "lab/lab.h"
#include "lab/message.h"
#include "lab/neighbour_limit.h"
#include "lab/rtnl.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/silence/absence.h"
#include "probe/silence/promptness.h"
#include "probe/silence/quiet.h"
#include "probe/wire/questions.h"

/**
 * struct absence - Whether what is not there can be proved to be so in a batch
 * @drops:	By all processors, before the batch
 * @direct:	Whether every interface of the lab hands questions on at once
 */
struct absence {
	uint64_t drops;
	enum prompt direct;
};

/* Whoever counts packets is to find as many as the kernel would send */
static bool is_wanted(const struct lc_batch *b)
{
	if (b->lab->captures || b->lab->recording)
		return false;
	for (size_t i = 0; i < b->count; i++)
		if (b->probes[i]->said.negative)
			return true;
	return false;
}

void absence_begin(struct lc_batch *b)
{
	struct absence *a;

	if (!is_wanted(b))
		return;
	a = calloc(1, sizeof(*a));
	if (!a || backlog_drops(&a->drops) || !questions_begin(b)) {
		free(a);
		return;
	}
	b->absence = a;
}

void absence_free(struct lc_batch *b)
{
	questions_free(b);
	free(b->absence);
	b->absence = NULL;
}

/* NULL: it may still come to somebody */
static struct question *question_of(struct lc_batch *b, struct lc_node *node,
				    const struct lc_neighbour *asked)
{
	struct question *q = question_find(b, node, asked->ifindex, &asked->ip);
	struct lc_link link;

	if (q || !node_link(node, asked->ifindex, &link) ||
	    link.flags & IFF_LOWER_UP)
		return q;
	return question_unplugged(b, node, asked->ifindex, &asked->ip);
}

/* Those that a node has asked for in vain so far; @give_up: its kernel is told
 * to */
static size_t node_absent(struct lc_batch *b, struct lc_node *node,
			  bool give_up)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0, absent = 0;
	struct question *q;
	struct rtnl *rtnl;
	struct rtnl_msg m;

	if (!node_stands(node) || node_rtnl(node, &rtnl, NULL) ||
	    lc_node_neighbours(node, &list, &count, NULL))
		return 0;
	for (size_t i = 0; i < count; i++) {
		q = list[i].state != NUD_INCOMPLETE ?
			    NULL :
			    question_of(b, node, &list[i]);
		if (!q || q->over)
			continue;
		absent++;
		if (!give_up)
			continue;
		q->over = true;
		rtnl_build_neighbour_failed(&m, list[i].ifindex, &list[i].ip);
		rtnl_add(rtnl, &m, (struct lc_at){ 0 }, "neighbour");
		rtnl_forgive(rtnl, -ENOENT);
	}
	/* Where that fails, the kernel gives up by itself */
	if (absent && give_up)
		rtnl_commit(rtnl, NULL, NULL);
	return absent;
}

static size_t all_absent(struct lc_batch *b, bool give_up)
{
	const struct questions *q = b->questions;
	size_t absent = 0;

	for (size_t i = 0; i < q->asker_count; i++)
		absent += node_absent(b, q->askers[i], give_up);
	return absent;
}

/* Interfaces of which it is known that a broadcast is where it is to be when
 * sending returns */
static bool link_is_direct(const struct lc_link *link)
{
	static const char *const kinds[] = {
		"", "veth", "bridge", "dummy", "vlan", "vxlan", "vrf",
	};

	if (!(link->flags & IFF_UP))
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(link->kind, kinds[i]))
			return true;
	return false;
}

static bool node_is_direct(struct lc_node *node)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count = 0;

	if (lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!link_is_direct(&links[i]))
			return false;
	return true;
}

static bool lab_is_direct(struct lc_batch *b)
{
	if (!lab_is_prompt(b) || b->switch_ports)
		return false;
	for (size_t i = 0; i < b->lab->node_count; i++)
		if (node_stands(&b->lab->nodes[i]) &&
		    !node_is_direct(&b->lab->nodes[i]))
			return false;
	return true;
}

static bool nothing_was_lost(const struct lc_batch *b)
{
	size_t delayed;
	uint64_t drops;

	return !neighbour_answers_delayed(b->questions->askers[0],
					  &delayed, NULL) &&
	       !delayed && !backlog_drops(&drops) && drops == b->absence->drops;
}

bool absence_is_proved(const struct lc_batch *b, const struct lc_node *node,
		       uint32_t ifindex, const struct lc_ip *ip)
{
	const struct question *q = question_find(b, node, ifindex, ip);

	return q && q->over && !q->unplugged;
}

/* Of what has no carrier, no tap shows what it was given to send */
static void note_senders(struct lc_batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct probe *p = b->probes[i];

		if (!p->left && (p->state == PROBE_CONNECTING ||
				 p->state == PROBE_SENT))
			question_asker(b, p->from);
	}
}

void absence_settle(struct lc_batch *b)
{
	struct absence *a = b->absence;

	if (!a || a->direct == PROMPT_NO)
		return;
	note_senders(b);
	if (!all_absent(b, false))
		return;
	if (a->direct == PROMPT_UNKNOWN)
		a->direct = lab_is_direct(b) ? PROMPT_YES : PROMPT_NO;
	if (a->direct == PROMPT_NO || !lab_is_alone(b->lab) || !quiet_is_there(b) ||
	    !nothing_was_lost(b))
		return;
	all_absent(b, true);
	batch_pump(b, 0);
}
