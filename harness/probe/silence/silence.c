// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * silence.c - what it means that nothing came back
 *
 * Silence is not yet a drop.  It counts when the deadline has passed, sentinels
 * have shown that nothing is under way any more (sentinel.c), no neighbour is
 * still being asked for, no tap lost a packet, and every router was free to
 * report an error (muted.c).  An Open vSwitch has its own kind of sentinel: it is
 * asked whether it has gone round (lab/openvswitch_turn.c).  It and the kernel
 * take turns, as often as a packet can go from one to the other.  Where other
 * programs carry packets, or tell a switch what to do, there is no such proof, but
 * a longer deadline.
 */
#include <net/if.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/listeners.h"
#include "lab/openvswitch_alone.h"
#include "lab/openvswitch_turn.h"
#include "lab/overflows.h"
#include "lab/packet_readers.h"
#include "lab/qdiscs.h"
#include "probe/batch.h"
#include "probe/silence/sentinel.h"
#include "scenario/address.h"

#define MS 1000000ull

enum { SENTINELS_MAX = 4096 };

/* Programs and shapers answer when they like */
static const uint64_t program_deadline_ns = 1000 * MS;

/* A probe is at its last router long before this */
static const uint64_t slack_ms = 500;

/* Interfaces that hand packets to a program, or to other processors */
static bool link_is_prompt(const struct lc_link *link)
{
	return strcmp(link->kind, "tun") && strcmp(link->kind, "wireguard");
}

/* Packet sockets that are our own */
static int own_readers(const struct probe_node *n)
{
	int count;

	if (!n)
		return 0;
	count = (n->tap.fd >= 0) + (n->marker >= 0) + (n->ring.fd >= 0) +
		n->watchers;
	for (const struct packet_socket *s = n->captures; s; s = s->next)
		count++;
	return count;
}

/* Whether a node keeps packets, or hands them to a program */
static bool node_is_prompt(struct lc_node *node)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	struct queues queues;
	size_t count = 0;

	if (node->plan->kind == NODE_ADOPTED ||
	    node_queues(node, &queues, NULL) || queues.shaped ||
	    node_has_packet_readers(node, own_readers(node->probe) +
					  openvswitch_readers(node)) ||
	    !openvswitch_is_alone(node) ||
	    lc_node_links(node, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!link_is_prompt(&links[i]) &&
		    !openvswitch_owns(node, &links[i]))
			return false;
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
		    !node_is_prompt(&b->lab->nodes[i]))
			return false;
	return true;
}

bool lab_is_prompt(struct lc_batch *b)
{
	if (b->prompt == PROMPT_UNKNOWN)
		b->prompt = ask_prompt(b) ? PROMPT_YES : PROMPT_NO;
	return b->prompt == PROMPT_YES;
}

bool queues_pending(struct lc_batch *b)
{
	struct queues queues;

	for (size_t i = 0; !lab_is_prompt(b) && i < b->lab->node_count; i++)
		if (b->lab->nodes[i].plan->kind != NODE_SHARED &&
		    b->lab->nodes[i].netns >= 0 &&
		    !node_queues(&b->lab->nodes[i], &queues, NULL) &&
		    queues.shaped && queues.waiting)
			return true;
	return false;
}

/* How long programs and shapers get */
uint64_t patience_ns(const struct lc_batch *b)
{
	uint64_t delay_ns = 0;

	for (size_t i = 0; i < b->lab->plan->node_count; i++)
		for (size_t k = 0;
		     k < b->lab->plan->nodes[i].interface_count; k++) {
			const struct plan_interface *f =
				&b->lab->plan->nodes[i].interfaces[k];

			delay_ns += 2 * (f->delay_ns + f->jitter_ns);
		}
	return program_deadline_ns + delay_ns + 20 * b->lab->worst_rtt_ns;
}

/* Programs are not asked whether they still have something to say; but the name
 * server of containers is, see quiet.c */
static bool asks_program(const struct lc_batch *b, const struct probe *p)
{
	static const struct lc_ip embedded = {
		.family = AF_INET, .bytes = { 127, 0, 0, 11 },
	};
	const struct plan_names *files = p->from->plan->files;

	if (p->said.protocol == LC_DNS)
		return !b->lab->daemon || !files || !files->embedded ||
		       !ip_equal(&p->seen.address, &embedded);
	return p->said.protocol == LC_UDP || p->said.closes;
}

/* Whoever shook hands is a program, and if it were our own server the word would
 * be there: some other's may still come */
static bool other_may_speak(const struct probe *p)
{
	return p->said.protocol == LC_TCP && p->state == PROBE_SENT &&
	       !p->served;
}

/* Docker's proxies are the lab's own, and asked whether they are done (quiet.c) */
static bool is_own_proxy(const struct lc_lab *lab, const struct lc_node *node,
			 uint16_t port)
{
	for (size_t i = 0; lab->daemon && i < lab->plan->published_count; i++) {
		const struct plan_published *p = &lab->plan->published[i];

		if (p->proxy && p->protocol == IPPROTO_UDP &&
		    p->host == node->index && p->first <= port &&
		    port <= p->last)
			return true;
	}
	return false;
}

/* A program at the port that was asked, which is not where our server is: it
 * may pass the datagram on, and what comes back, in its own time */
static bool other_may_relay(const struct lc_batch *b, const struct probe *p)
{
	lc_auto(lc_close) int fd = -1;
	const uint16_t server_port = p->said.server_port ?: p->said.port;
	struct lc_node *holder;
	bool bound = false;

	if (p->said.protocol != LC_UDP || !p->said.serve)
		return false;
	holder = probe_is_local(p) ? p->from :
				     node_holding(b->lab, &p->seen.address);
	if (!holder || (holder == p->target && server_port == p->said.port) ||
	    is_own_proxy(b->lab, holder, p->said.port))
		return false;
	fd = node_socket(holder, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG,
			 NULL);
	return fd < 0 ||
	       listeners_has(fd, IPPROTO_UDP, NULL, p->said.port, &bound,
			     NULL) ||
	       bound;
}

bool silence_needs_patience(struct lc_batch *b, const struct probe *p,
			    uint64_t *ret_ns)
{
	if (lab_is_prompt(b) && !other_may_speak(p) &&
	    !other_may_relay(b, p) && (p->said.serve || !asks_program(b, p)))
		return false;
	*ret_ns = patience_ns(b);
	return true;
}

/* What was there when a round began is taken out by its end, but for what comes
 * after the first BURST of a port: which needs another */
static size_t turns_needed(const struct lc_batch *b)
{
	enum { BURST = 32 };

	return 2 + 4 * b->count / BURST;
}

int silence_prove(struct lc_batch *b, struct lc_err *err)
{
	size_t hops = 4;
	int r;

	for (size_t i = 0; i < b->lab->plan->node_count; i++)
		hops += b->lab->plan->nodes[i].interface_count;
	/* There and back, and each interface twice */
	hops *= 4;
	if (b->prompt != PROMPT_YES)
		return openvswitch_turn(b->lab, turns_needed(b), err);
	if (hops > SENTINELS_MAX)
		hops = SENTINELS_MAX;
	r = sentinel_pass(hops, err);
	for (size_t i = 0; i < 2 * b->switch_ports && !r; i++) {
		r = openvswitch_turn(b->lab, turns_needed(b), err);
		if (!r)
			r = sentinel_pass(hops, err);
	}
	return r;
}

/* Is some node of the lab still asking for a neighbour, on account of what was
 * sent then?  Programs may go on asking for one that is not there; a question
 * that was first put long after the probe was sent does not hold it up. */
bool neighbours_pending(struct lc_lab *lab, uint64_t sent_ns,
			char who[static PENDING_TEXT])
{
	const uint64_t since_ms = (clock_ns() - sent_ns) / MS;

	for (size_t i = 0; i < lab->node_count; i++) {
		lc_auto(lc_free) struct lc_neighbour *list = NULL;
		size_t count = 0;
		char text[IP_TEXT_SIZE];

		if (lab->nodes[i].netns < 0 ||
		    lab->nodes[i].plan->kind == NODE_SHARED ||
		    lc_node_neighbours(&lab->nodes[i], &list, &count, NULL))
			continue;
		for (size_t k = 0; k < count; k++) {
			if (list[k].state != NUD_INCOMPLETE ||
			    list[k].age_ms + slack_ms < since_ms)
				continue;
			snprintf(who, PENDING_TEXT, "%.64s for %s",
				 lc_node_name(&lab->nodes[i]),
				 ip_format(&list[k].ip, text));
			return true;
		}
	}
	return false;
}

/* The kernel does not find the TCP socket that a link-local neighbour fails */
static bool next_hop_failed(const struct probe *p)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	const struct lc_ip *hop = &p->seen.address;
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
	return "; a deadline has passed, for programs or shapers have a part in it";
}

/* Which a socket that is connected, as those of most programs, does not take */
static bool from_another_port(const struct probe *p)
{
	return p->wire_answer && !p->wire_error &&
	       (p->said.protocol == LC_UDP || p->said.protocol == LC_DNS) &&
	       ip_equal(&p->wire_answer_from, &p->seen.address) &&
	       p->wire_answer_port != p->said.port;
}

void silence_settle(struct lc_batch *b, struct probe *p)
{
	char by[IP_TEXT_SIZE], interface[IFNAMSIZ];
	const char *from = lc_node_name(p->from);
	struct queues queues;

	if (p->from->probe->tap_lost ||
	    (p->target && p->target->probe->tap_lost)) {
		probe_settle(b, p, LC_OUTCOME_ERROR,
			     "a tap lost packets: silence proves nothing");
	} else if (p->wire_error) {
		p->seen.answered_by = p->wire_answer_from;
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
		   ip_equal(&p->wire_answer_from, &p->seen.address)) {
		p->seen.answered_by = p->wire_answer_from;
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
		p->seen.at_target = true;
		p->seen.seen_from = p->wire_source;
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
