// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * silence.c - what it means that nothing came back
 *
 * Silence is not yet a drop.  It counts when the deadline has passed, sentinels
 * have shown that nothing is under way any more (sentinel.c), no neighbour is
 * still being asked for (pending.c), no tap lost a packet, and every router was
 * free to report an error (muted.c).  Where there is no such proof (promptness.c)
 * there is a longer deadline (patience.c), and the words say so.
 */
#include <net/if.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/listeners.h"
#include "lab/overflows.h"
#include "lab/qdiscs.h"
#include "probe/batch/batch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/silence/cable.h"
#include "probe/silence/guard.h"
#include "probe/silence/silence.h"
#include "probe/wire/evidence.h"
#include "scenario/address.h"

/* The kernel does not find the TCP socket that a link-local neighbour fails */
static bool next_hop_failed(const struct probe *p)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	const struct lc_ip *hop = &p->seen->address;
	struct lc_route route;
	size_t count = 0;

	if (!lc_node_lookup(p->from, hop, NULL, &route, NULL) &&
	    route.via.family)
		hop = &route.via;
	if (lc_node_neighbours(p->from, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (ip_equal(&list[i].ip, hop) &&
		    (!p->scope || list[i].ifindex == p->scope))
			return list[i].state == NUD_FAILED;
	return false;
}

static bool listen_queue_full(const struct probe *p)
{
	lc_auto(lc_close) int fd = -1;
	const struct probe_node *n;
	bool full = false;
	uint64_t now;

	if (p->said.protocol != LC_TCP || !probe_arrived(p))
		return false;
	/* It may have had no room then, and have some since */
	n = p->target->probe;
	if (n->overflows != UINT64_MAX &&
	    !node_listen_overflows(p->target, &now) && now != n->overflows)
		return true;
	fd = node_socket(p->target, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG,
			 NULL);
	return fd >= 0 && !listeners_full(fd, p->wire_port, &full, NULL) &&
	       full;
}

/* What a silence stands on where it is not the kernel's alone */
static const char *silence_grounds(const struct lc_batch *b,
				   const struct probe *p)
{
	if (p->relayed)
		return "; a deadline has passed, and the container engine still waits for an answer";
	if (b->prompt == PROMPT_YES)
		return b->switch_ports ? "; Open vSwitch has gone round since" :
					 "";
	return "; a deadline has passed, for programs, shapers or other processors have a part in it";
}

/* Which a socket that is connected, as those of most programs, does not take */
static bool from_another_port(const struct probe *p)
{
	return p->wire_answer && !p->wire_error &&
	       (p->said.protocol == LC_UDP || p->said.protocol == LC_DNS) &&
	       ip_equal(&p->wire_answer_from, &p->seen->address) &&
	       p->wire_answer_port != p->said.port;
}

void silence_settle(struct lc_batch *b, struct probe *p)
{
	char by[IP_TEXT_SIZE], interface[IFNAMSIZ];
	const char *from = lc_node_name(p->from);
	struct queues queues;
	bool wrapped;

	if (p->from->probe->tap_lost ||
	    (p->target && p->target->probe->tap_lost)) {
		probe_settle(b, p, LC_OUTCOME_ERROR,
			     "a tap lost packets: silence proves nothing");
	} else if (p->wire_error) {
		p->seen->answered_by = p->wire_answer_from;
		probe_settle(b, p, LC_BLOCKED,
			     "an ICMP error from %s reached %s, and its own kernel dropped it",
			     ip_format(&p->wire_answer_from, by), from);
	} else if (p->nonsense) {
		probe_settle(b, p, LC_DROP,
			     "what came to %s is no answer to what it had asked",
			     from);
	} else if (from_another_port(p)) {
		probe_settle(b, p, LC_DROP,
			     "%s was answered from another port, %u", from,
			     p->wire_answer_port);
	} else if (p->foreign_identifier) {
		probe_settle(b, p, LC_DROP,
			     "a reply came to %s whose identifier is not the one that was sent: no program takes it for its own",
			     from);
	} else if (p->wire_answer &&
		   ip_equal(&p->wire_answer_from, &p->seen->address)) {
		p->seen->answered_by = p->wire_answer_from;
		probe_settle(b, p, LC_BLOCKED,
			     "an answer reached %s, and its own kernel dropped it",
			     from);
	} else if (p->wire_answer) {
		probe_settle(b, p, LC_DROP,
			     "%s was answered from another address, %s",
			     from, ip_format(&p->wire_answer_from, by));
	} else if (!p->left && cable_is_out(p, interface)) {
		probe_settle(b, p, LC_NO_CARRIER,
			     "%s:%s has no carrier, and it never left", from,
			     interface);
	} else if (!p->left && next_hop_failed(p)) {
		probe_settle(b, p, LC_NO_NEIGHBOR,
			     "the next hop did not answer, and it never left %s",
			     from);
	} else if (!p->left && guard_is_ipsec(p, &wrapped)) {
		probe_settle(b, p, wrapped ? LC_OUTCOME_ERROR : LC_BLOCKED,
			     wrapped ? "%s's kernel took it, and it may have left through IPsec: an IPsec policy has it do so" :
				       "%s's kernel took it, but it never left: its own IPsec policy",
			     from);
	} else if (!p->left && p->said.protocol == LC_TCP &&
		   !(node_queues(p->from, &queues, NULL) || queues.shaped)) {
		probe_settle(b, p, LC_BLOCKED,
			     "no SYN has left %s: its own firewall", from);
	} else if (!p->left) {
		probe_settle(b, p, LC_OUTCOME_ERROR,
			     "%s's kernel took it, but it never left", from);
	} else if (listen_queue_full(p)) {
		probe_settle(b, p, LC_OUTCOME_ERROR,
			     "the listen queue of %s's port %u is full, or was",
			     lc_node_name(p->target), p->wire_port);
	} else if (probe_arrived(p)) {
		p->seen->at_target = true;
		p->seen->seen_from = p->wire_source;
		probe_settle(b, p, LC_DROP,
			     "it left %s and reached %s; nothing came back%s",
			     from, lc_node_name(p->target),
			     silence_grounds(b, p));
	} else {
		probe_settle(b, p, LC_DROP,
			     "it left %s; nothing came back%s%s%s", from,
			     p->on_target_wire ? ", and it passed through " :
			     p->target ? ", nor did it reach " : "",
			     p->target ? lc_node_name(p->target) : "",
			     silence_grounds(b, p));
	}
}
