/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause.h - where a packet ended, and why
 *
 * Each function looks at one place and says whether the packet ended there: it
 * asks the kernel for its state and compares it with what was seen.  What none
 * of them finds is not guessed at.
 */
#ifndef POSTMORTEM_CAUSE_H
#define POSTMORTEM_CAUSE_H

#include "postmortem/sighting.h"

struct drops;
struct legacy;
struct probe;
struct tally;

/**
 * struct cause - What is known of the end
 * @text:	Where and why, in words; "": not known
 * @missing:	The interface that should have seen it next; ""
 * @neighbour:	It is about who answers for that address, and what @asker hears of
 *		it; family 0: it is not
 */
struct cause {
	char text[512];
	char missing[96];
	struct lc_node *asker;
	struct lc_ip neighbour;
};

/** struct inquest - All that there is to go by */
struct inquest {
	struct lc_lab *lab;
	const struct probe *probe;
	const struct lc_seen *first;	/* what came of the first one */
	const struct sightings *seen;
	const struct drops *drops;
	const struct legacy *legacy;
	const struct tally *queues, *ipsec, *filters;
	struct cause cause;
};

/* For those that find it: true, so that `return cause_is(...)` is one line */
bool cause_is(struct inquest *q, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void cause_missing(struct inquest *q, const struct lc_node *node,
		   const char *interface);

/** cause_find() - The whole inquest (cause.c); false: not known */
bool cause_find(struct inquest *q);

/** cause_follow() - The way of the request, and then of the answer (cause.c) */
bool cause_follow(struct inquest *q);

/**
 * cause_names() - A question to a name server (cause_names.c)
 * @ret_known:	Whether the cause is found
 *
 * Return: false if it went the way of any datagram, and ended there
 */
bool cause_names(struct inquest *q, bool *ret_known);

/** cause_rule() - A rule on that node dropped it, or a policy of IPsec
 * (cause_rule.c) */
bool cause_rule(struct inquest *q, struct lc_node *node,
		const struct lc_ends *ends);

/** cause_rule_at() - The same, of what was seen there */
bool cause_rule_at(struct inquest *q, const struct sighting *sighting);

/** cause_filter_in() - It came in there, and a filter of tc(8) has taken something:
 * to be asked where nothing else is known, for that may have been another's */
bool cause_filter_in(struct inquest *q, const struct sighting *sighting);

/** cause_filter_out() - It was to leave there, was not seen to, and a filter of
 * tc(8) has taken something; @protocol: ETH_P_... */
bool cause_filter_out(struct inquest *q, struct lc_node *node, uint32_t ifindex,
		      uint16_t protocol);

/** cause_redirected() - Nothing else is known, and a filter of tc(8) has led it where
 * nobody waited for it */
bool cause_redirected(struct inquest *q);

/** protocol_of_ends() - ETH_P_IP or ETH_P_IPV6 */
uint16_t protocol_of_ends(const struct lc_ends *ends);

/** protocol_of_sighting() - The same; or ETH_P_ARP */
uint16_t protocol_of_sighting(const struct sighting *sighting);

/**
 * cause_rule_neighbour() - The same, of a question for a neighbour or its answer
 * @kind:	SEEN_QUESTION, SEEN_ANSWER
 * @ends:	Who asks whom, who answers whom; source of family 0: @node itself asks
 */
bool cause_rule_neighbour(struct inquest *q, struct lc_node *node,
			  enum sighting_kind kind, const struct lc_ends *ends);

/**
 * struct burden - A packet that a node is to send, or to pass on
 * @came_in_at:	ifindex; 0: it is the node's own
 */
struct burden {
	struct lc_ends ends;
	uint32_t came_in_at;
	uint32_t size;
	bool df;
};

struct burden burden_of(const struct sighting *sighting);

/** cause_never_left() - A node had it to send, and did not; @back: an answer */
bool cause_never_left(struct inquest *q, struct lc_node *node,
		      const struct burden *burden, bool back);

/** cause_used_up() - Its time to live has ended there */
bool cause_used_up(struct inquest *q, const struct lc_node *node);

/** cause_mute() - It came to where it was to end, and nothing came of it
 * (cause_target.c) */
bool cause_mute(struct inquest *q, const struct sighting *last);

/** cause_nobody_listens() - What it asked for is not there; @asked: as it came */
bool cause_nobody_listens(struct inquest *q, struct lc_node *node,
			  const struct lc_ends *asked);

/** cause_martian() - A source or destination that a node believes of no other */
bool cause_martian(struct inquest *q, const struct sighting *last);

/** cause_duplicate() - An address that its holder may not use */
bool cause_duplicate(struct inquest *q, struct lc_node *node,
		     const struct lc_ip *ip);

/** cause_no_source() - The same, of any that a node might send from */
bool cause_no_source(struct inquest *q, struct lc_node *node, int family);

/** cause_gone() - It came to whom the address belonged */
bool cause_gone(struct inquest *q, const struct sighting *last);

enum { GONE_TEXT = 160 };

/** address_gone() - Who was to have an address, and has not; @only: or NULL */
bool address_gone(struct lc_lab *lab, struct lc_node *only,
		  const struct lc_ip *ip, char text[GONE_TEXT]);

/** address_holders() - How many of the lab's nodes have an address, and the first
 * two of them */
size_t address_holders(struct lc_lab *lab, const struct lc_ip *ip,
		       struct lc_node *ret[2]);

/** is_same_packet() - Two sightings of what was sent once (cause.c) */
bool is_same_packet(const struct sighting *a, const struct sighting *b);

/** cause_spread() - It came in at the port of a bridge, and where that sent it
 * nobody was concerned (cause.c); @last: any sighting of it */
bool cause_spread(struct inquest *q, const struct sighting *last);

/** sighting_beside() - Where it came to a bridge that has a node at another port */
const struct sighting *sighting_beside(const struct inquest *q,
				       const struct sighting *last,
				       const struct lc_node *holder);

/** cause_stale() - It was addressed to the MAC address of another, or of nobody */
bool cause_stale(struct inquest *q, const struct sighting *last);

/** cause_link() - It left by an interface, and the other end never saw it */
bool cause_link(struct inquest *q, const struct sighting *last);

/** cause_port() - It came in at what is, or should be, the port of a bridge */
bool cause_port(struct inquest *q, const struct sighting *last);

/** cause_switch() - It came in at the port of an Open vSwitch (cause_switch.c) */
bool cause_switch(struct inquest *q, const struct sighting *last);

/** cause_way() - A node has no way to pass it on or send it: its routes, its
 * interfaces, its neighbours */
bool cause_way(struct inquest *q, struct lc_node *node,
	       const struct burden *burden, bool back);

/** cause_tunnel_begin() - It left by a VXLAN, and nobody saw that carry it
 * (cause_tunnel.c) */
bool cause_tunnel_begin(struct inquest *q, const struct sighting *last);

/** cause_carried() - It was last seen while a VXLAN carried it */
bool cause_carried(struct inquest *q, const struct sighting *last);

/** cause_interface() - It is down, or without carrier */
struct lc_link;
bool cause_interface(struct inquest *q, struct lc_node *node,
		     const struct lc_link *link);

/** cause_forwarding() - It came in at a node that was to pass it on
 * (cause_forwarding.c) */
bool cause_forwarding(struct inquest *q, const struct sighting *last,
		      bool back);

/** reverse_path_filter() - What rp_filter is where it came in */
long reverse_path_filter(const struct sighting *last);

/** cause_reverse_path() - It came in from where its source is not */
bool cause_reverse_path(struct inquest *q, const struct sighting *last);

/** sighting_is_question() - A node's own question for an address, wherever seen;
 * as a bridge it passes others' on (cause_neighbour.c) */
bool sighting_is_question(const struct sighting *sighting, struct lc_node *asker,
			  const struct lc_ip *asked);

/** sighting_is_answer() - The answer to it */
bool sighting_is_answer(const struct sighting *sighting, struct lc_node *asker,
			const struct lc_ip *asked);

/** cause_neighbour() - Nobody answers for the next hop (cause_neighbour.c) */
bool cause_neighbour(struct inquest *q, struct lc_node *node,
		     uint32_t ifindex, const struct lc_ip *hop);

/** setting_of() - A number below /proc/sys/net in a node; -1: not there */
long setting_of(struct lc_node *node, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
