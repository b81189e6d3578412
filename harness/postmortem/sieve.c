// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sieve.c - a packet filter that lets through what may belong to a probe
 *
 * A lab that talks all the time would fill a tap before it is read.  So the
 * kernel throws away what can't be of the probe; what can, is told apart when it
 * is read.  Addresses and ports are no help, for NAT changes both, and when that
 * is what went wrong nobody knows into what.  What stays is the cookie, the name
 * in a question, and that a TCP packet opens, or refuses to.
 *
 * The program is a list of clauses, each a row of conditions: a packet that meets
 * all those of a clause passes, one that fails a condition is tried with the next
 * clause.  A load from beyond the end of a packet ends the program, and the packet
 * with it, so clauses that look further in come later.
 */
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <linux/if_ether.h>

#include "postmortem/sieve.h"

enum { ALL = 0x40000, PENDING = 255, V4_HEADER = 20, V6_HEADER = 40,
       ICMP_HEADER = 8, UDP_HEADER = 8, DNS_HEADER = 12, VXLAN_HEADER = 8,
       VXLAN_WORD = 0x08000000 };

/** struct program - What there is of it; the clause under way begins at @clause */
struct program {
	struct sock_filter *items;
	size_t count, clause;
};

/**
 * struct layer - An IP packet
 * @at:		Where it begins, behind the network header
 * @outer:	The packet that it is in: an ICMP error that quotes it or, if @carried,
 *		one of a VXLAN; or NULL
 */
struct layer {
	int at;
	bool v4, carried;
	const struct layer *outer;
};

static void add(struct program *p, uint16_t code, uint32_t k, uint8_t jt,
		uint8_t jf)
{
	if (p->count < SIEVE_MAX)
		p->items[p->count++] = (struct sock_filter){ code, jt, jf, k };
}

static void load(struct program *p, uint16_t size, int at)
{
	add(p, BPF_LD | size | BPF_ABS, (uint32_t)(SKF_NET_OFF + at), 0, 0);
}

static void is(struct program *p, uint16_t size, int at, uint32_t mask,
	       uint32_t value)
{
	load(p, size, at);
	if (mask)
		add(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, PENDING);
}

static void clause_begin(struct program *p)
{
	p->clause = p->count;
}

/* All conditions were met; those that were not go on behind it */
static void clause_end(struct program *p)
{
	add(p, BPF_RET | BPF_K, ALL, 0, 0);
	for (size_t i = p->clause; i < p->count; i++)
		if (p->items[i].jf == PENDING)
			p->items[i].jf = (uint8_t)(p->count - i - 1);
}

static int transport(const struct layer *l)
{
	return l->at + (l->v4 ? V4_HEADER : V6_HEADER);
}

static void carries(struct program *p, const struct layer *l, uint8_t v4,
		    uint8_t v6)
{
	if (l->v4)
		is(p, BPF_B, l->at, 0, 0x45);
	else
		is(p, BPF_B, l->at, 0xf0, 0x60);
	is(p, BPF_B, l->at + (l->v4 ? 9 : 6), 0, l->v4 ? v4 : v6);
}

/* That it has something in it (RFC 7348, 5) */
static void tunnel(struct program *p, const struct layer *l)
{
	carries(p, l, IPPROTO_UDP, IPPROTO_UDP);
	is(p, BPF_W, transport(l) + UDP_HEADER, 0, VXLAN_WORD);
}

static void outer(struct program *p, const struct layer *l)
{
	const struct layer *o = l->outer;

	if (!o)
		return;
	outer(p, o);
	if (l->carried) {
		tunnel(p, o);
		return;
	}
	carries(p, o, IPPROTO_ICMP, IPPROTO_ICMPV6);
	/* Types 3 and 11; below 128 */
	is(p, BPF_B, transport(o), o->v4 ? 0xf7 : 0x80,
	   o->v4 ? ICMP_DEST_UNREACH : 0);
}

static void packet_begin(struct program *p, const struct layer *l, uint8_t v4,
			 uint8_t v6)
{
	clause_begin(p);
	outer(p, l);
	carries(p, l, v4, v6);
}

static void echo(struct program *p, const struct layer *l,
		 const struct sieve *s)
{
	for (int by_cookie = 0; by_cookie < 2; by_cookie++) {
		packet_begin(p, l, IPPROTO_ICMP, IPPROTO_ICMPV6);
		/* Types 8 and 0; 128 and 129 */
		is(p, BPF_B, transport(l), l->v4 ? 0xf7 : 0xfe,
		   l->v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REQUEST);
		if (by_cookie)
			is(p, BPF_W, transport(l) + ICMP_HEADER, 0, s->cookie);
		else
			is(p, BPF_B, transport(l) + 6, 0, s->echo);
		clause_end(p);
	}
}

/* An error need not quote more than its ports of it */
static void tcp(struct program *p, const struct layer *l)
{
	packet_begin(p, l, IPPROTO_TCP, IPPROTO_TCP);
	if (!l->outer || l->carried) {
		load(p, BPF_B, transport(l) + 13);
		add(p, BPF_JMP | BPF_JSET | BPF_K, TH_SYN | TH_RST, 0,
		    PENDING);
	}
	clause_end(p);
}

static void udp(struct program *p, const struct layer *l, int at,
		uint32_t word)
{
	packet_begin(p, l, IPPROTO_UDP, IPPROTO_UDP);
	is(p, BPF_W, transport(l) + UDP_HEADER + at, 0, word);
	clause_end(p);
}

static void probe(struct program *p, const struct layer *l,
		  const struct sieve *s)
{
	switch (s->protocol) {
	case LC_ICMP:
		echo(p, l, s);
		return;
	case LC_UDP:
		udp(p, l, 0, s->cookie);
		return;
	case LC_DNS:
		tcp(p, l);
		udp(p, l, DNS_HEADER, s->question);
		return;
	case LC_TCP:
		tcp(p, l);
		return;
	case LC_PROTOCOLS:
		return;
	}
}

static void neighbours(struct program *p, const struct layer *six)
{
	for (uint8_t type = ND_NEIGHBOR_SOLICIT; type <= ND_NEIGHBOR_ADVERT;
	     type++) {
		packet_begin(p, six, 0, IPPROTO_ICMPV6);
		is(p, BPF_B, transport(six), 0, type);
		clause_end(p);
	}
	/* What they carry is behind a header of their own */
	packet_begin(p, six, 0, IPPROTO_FRAGMENT);
	clause_end(p);
}

static void arp(struct program *p)
{
	clause_begin(p);
	add(p, BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL), 0, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 0, PENDING);
	clause_end(p);
}

static void carried_arp(struct program *p, const struct layer *o, int at)
{
	clause_begin(p);
	tunnel(p, o);
	is(p, BPF_H, at - 2, 0, ETH_P_ARP);
	clause_end(p);
}

static void packets(struct program *p, const struct sieve *sieve,
		    const struct layer *outer, int at)
{
	for (int v4 = 0; v4 < 2; v4++) {
		const struct layer own = {
			.at = at, .v4 = v4, .carried = outer, .outer = outer,
		};
		const struct layer quoted = {
			.at = transport(&own) + ICMP_HEADER,
			.v4 = v4, .outer = &own,
		};

		if (!v4)
			neighbours(p, &own);
		probe(p, &own, sieve);
		probe(p, &quoted, sieve);
	}
}

size_t sieve_build(const struct sieve *sieve, struct sock_filter *items)
{
	struct program p = { .items = items };

	arp(&p);
	packets(&p, sieve, NULL, 0);
	for (int v4 = 0; v4 < 2; v4++) {
		const struct layer own = { .v4 = v4 };
		const int at = transport(&own) + UDP_HEADER + VXLAN_HEADER +
			       ETH_HLEN;

		carried_arp(&p, &own, at);
		packets(&p, sieve, &own, at);
	}
	add(&p, BPF_RET | BPF_K, 0, 0, 0);
	return p.count;
}
