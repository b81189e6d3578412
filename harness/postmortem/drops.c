// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drops.c - which rule of which node dropped a packet
 *
 * What the kernel reports of the probe's packets (trace.c) is kept until it is asked
 * for.  The rules' own words come from the plan where the plan made them, else
 * from nft.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/netfilter.h"
#include "lab/nft_command.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "postmortem/legacy.h"
#include "postmortem/trace.h"
#include "probe/batch.h"
#include "probe/packet.h"
#include "scenario/rule_text.h"

enum { DROPS_MAX = 64, PACKETS_MAX = 256, ARP_SIZE = 28, TRANSPORT_MIN = 8 };

/** struct traced - A packet of the probe, by the number that it has in a node, as
 * it came to a chain */
struct traced {
	const struct lc_node *node;
	uint32_t id;
	struct lc_ends ends;
};

/** struct drop - A decision against a packet */
struct drop {
	struct lc_node *node;
	uint32_t id;
	uint8_t family;
	char table[64], chain[64];
	uint64_t handle;		/* 0: the chain's policy */
};

/** struct drops - @incomplete: some of what rules did was not told */
struct drops {
	struct trace *trace;
	bool incomplete;
	const struct probe *probe;
	struct drop items[DROPS_MAX];
	size_t count;
	struct traced packets[PACKETS_MAX];
	size_t packet_count;
};

static void copy_text(char *to, size_t size, const struct nlattr *attr)
{
	snprintf(to, size, "%s", mnl_attr_get_str(attr));
}

static bool is_drop(const struct nlattr *verdict)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, verdict)
		if (mnl_attr_get_type(attr) == NFTA_VERDICT_CODE)
			return (int32_t)ntohl(mnl_attr_get_u32(attr)) ==
			       NF_DROP;
	return false;
}

static uint32_t read_u32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return ntohl(value);
}

/* The sequence number of what has not left is not known, but its port is */
static bool tcp_is_of(const struct probe *p, const uint8_t *tcp, size_t length)
{
	if (!p->left)
		return (uint16_t)(tcp[0] << 8 | tcp[1]) == p->local_port;
	return length >= 12 && (read_u32(tcp + 4) == p->sequence ||
				read_u32(tcp + 8) == p->sequence + 1);
}

/* NAT may have changed the identifier, and a short packet has no cookie */
static bool is_echo_of(const struct probe *p, const uint8_t *icmp,
		       size_t length)
{
	uint32_t serial;

	return cookie_begins(icmp + 8, length - 8, p->serial) ||
	       (echo_serial(icmp, ICMP_ECHO_SIZE, probe_nonce(), &serial) &&
		serial == p->serial);
}

/* What belongs to the probe, by as much of a packet as a trace shows: 20 bytes
 * behind the IP header.  They hold the beginning of a cookie, and not what an
 * ICMP error is about. */
static bool is_of_probe(const struct probe *p, const uint8_t *ip,
			const struct nlattr *transport)
{
	const uint8_t protocol = ip[0] >> 4 == 4 ? ip[9] : ip[6];
	const uint8_t *bytes = mnl_attr_get_payload(transport);
	size_t length = mnl_attr_get_payload_len(transport);

	if (length < TRANSPORT_MIN)
		return false;
	switch (protocol) {
	case IPPROTO_TCP:
		return tcp_is_of(p, bytes, length);
	case IPPROTO_UDP:
		/* May carry it (VXLAN): its ends tell */
		if (length >= 16 && read_u32(bytes + 8) == 0x08000000)
			return true;
		if (p->said.protocol == LC_DNS)
			return length >= 10 && (uint16_t)(bytes[8] << 8 |
							  bytes[9]) == dns_id(p);
		return cookie_begins(bytes + 8, length - 8, p->serial);
	case IPPROTO_ICMP:
		return (*bytes != ICMP_ECHO && *bytes != ICMP_ECHOREPLY) ||
		       is_echo_of(p, bytes, length);
	case IPPROTO_ICMPV6:
		return (*bytes != ICMP6_ECHO_REQUEST &&
			*bytes != ICMP6_ECHO_REPLY) ||
		       is_echo_of(p, bytes, length);
	}
	return false;
}

/* Numbers are used again */
static void forget(struct drops *d, const struct lc_node *node, uint32_t id)
{
	for (size_t i = 0; i < d->packet_count; i++)
		if (d->packets[i].node == node && d->packets[i].id == id)
			d->packets[i--] = d->packets[--d->packet_count];
}

/* A question of a neighbour, and the answer: a drop of either is looked for by
 * both of its addresses */
static bool read_arp(const uint8_t *arp, size_t length, struct traced *t)
{
	if (length < ARP_SIZE || arp[2] != 0x08 || arp[3] != 0x00)
		return false;
	t->ends.source.family = t->ends.destination.family = AF_INET;
	memcpy(t->ends.source.bytes, arp + 14, 4);
	memcpy(t->ends.destination.bytes, arp + 24, 4);
	return true;
}

static void read_ports(uint8_t protocol, const uint8_t *bytes,
		       struct lc_ends *ends)
{
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return;
	ends->source_port = (uint16_t)(bytes[0] << 8 | bytes[1]);
	ends->destination_port = (uint16_t)(bytes[2] << 8 | bytes[3]);
}

static bool read_ip(const struct probe *p, const uint8_t *ip, size_t length,
		    const struct nlattr *transport, struct traced *t)
{
	const bool v4 = length && ip[0] >> 4 == 4;
	const size_t size = v4 ? 4 : 16;

	if (!transport || length < (v4 ? 20 : 40) || (!v4 && ip[0] >> 4 != 6) ||
	    !is_of_probe(p, ip, transport))
		return false;
	t->ends.source.family = v4 ? AF_INET : AF_INET6;
	t->ends.destination.family = t->ends.source.family;
	memcpy(t->ends.source.bytes, ip + (v4 ? 12 : 8), size);
	memcpy(t->ends.destination.bytes, ip + (v4 ? 16 : 24), size);
	read_ports(v4 ? ip[9] : ip[6], mnl_attr_get_payload(transport),
		   &t->ends);
	return true;
}

/* Each chain shows the packet once, as it has come to it */
static void note_packet(struct drops *d, const struct lc_node *node,
			uint32_t id, const struct nlattr *network,
			const struct nlattr *transport)
{
	const uint8_t *bytes = mnl_attr_get_payload(network);
	size_t length = mnl_attr_get_payload_len(network);
	struct traced t = { .node = node, .id = id };

	if (d->packet_count == PACKETS_MAX)
		return;
	if (read_ip(d->probe, bytes, length, transport, &t) ||
	    read_arp(bytes, length, &t))
		d->packets[d->packet_count++] = t;
	else
		forget(d, node, id);
}

static bool is_noted(const struct drops *d, const struct drop *drop)
{
	for (size_t i = 0; i < d->packet_count; i++)
		if (d->packets[i].node == drop->node &&
		    d->packets[i].id == drop->id)
			return true;
	return false;
}

/* NAT changes one end at a time, so sharing one is enough */
static bool is_of(const struct drops *d, const struct drop *drop,
		  const struct lc_ends *ends)
{
	for (size_t i = 0; i < d->packet_count; i++) {
		const struct traced *t = &d->packets[i];

		if (t->node == drop->node && t->id == drop->id &&
		    (lc_ip_equal(&t->ends.source, &ends->source) ||
		     lc_ip_equal(&t->ends.destination, &ends->destination)))
			return true;
	}
	return false;
}

static bool has_ports(const struct lc_ends *ends)
{
	return ends->source_port && ends->destination_port;
}

static bool same_ends(const struct lc_ends *a, const struct lc_ends *b)
{
	/* An echo has none in a trace */
	return lc_ip_equal(&a->source, &b->source) &&
	       lc_ip_equal(&a->destination, &b->destination) &&
	       (!has_ports(a) || !has_ports(b) ||
		(a->source_port == b->source_port &&
		 a->destination_port == b->destination_port));
}

static bool other_destination(const struct lc_ends *a, const struct lc_ends *b)
{
	return !lc_ip_equal(&a->destination, &b->destination) ||
	       (has_ports(a) && has_ports(b) &&
		a->destination_port != b->destination_port);
}

bool drops_led_to(const struct drops *d, const struct lc_node *node,
		  struct lc_ends *ends)
{
	for (size_t i = 0; d && i < d->packet_count; i++) {
		const struct traced *was = &d->packets[i];

		if (was->node != node || !same_ends(&was->ends, ends))
			continue;
		for (size_t k = i + 1; k < d->packet_count; k++) {
			const struct traced *is = &d->packets[k];

			if (is->node != node || is->id != was->id ||
			    !other_destination(&is->ends, ends))
				continue;
			ends->destination = is->ends.destination;
			if (has_ports(&is->ends))
				ends->destination_port =
					is->ends.destination_port;
			return true;
		}
	}
	return false;
}

static void take(struct drops *d, struct lc_node *node,
		 const struct nlmsghdr *h)
{
	const struct nfgenmsg *g = mnl_nlmsg_get_payload(h);
	struct drop drop = { .node = node, .family = g->nfgen_family };
	const struct nlattr *attr, *network = NULL, *transport = NULL;
	uint32_t type = 0;
	bool dropped = false;

	if (h->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE))
		return;
	mnl_attr_for_each(attr, h, sizeof(*g)) {
		switch (mnl_attr_get_type(attr)) {
		case NFTA_TRACE_TABLE:
			copy_text(drop.table, sizeof(drop.table), attr);
			break;
		case NFTA_TRACE_CHAIN:
			copy_text(drop.chain, sizeof(drop.chain), attr);
			break;
		case NFTA_TRACE_RULE_HANDLE:
			drop.handle = be64toh(mnl_attr_get_u64(attr));
			break;
		case NFTA_TRACE_ID:
			drop.id = ntohl(mnl_attr_get_u32(attr));
			break;
		case NFTA_TRACE_NETWORK_HEADER:
			network = attr;
			break;
		case NFTA_TRACE_TRANSPORT_HEADER:
			transport = attr;
			break;
		case NFTA_TRACE_TYPE:
			type = ntohl(mnl_attr_get_u32(attr));
			break;
		case NFTA_TRACE_VERDICT:
			dropped |= is_drop(attr);
			break;
		case NFTA_TRACE_POLICY:
			dropped |= ntohl(mnl_attr_get_u32(attr)) == NF_DROP;
			break;
		}
	}
	if (network)
		note_packet(d, node, drop.id, network, transport);
	if (!dropped || d->count == DROPS_MAX || !is_noted(d, &drop))
		return;
	if (type == NFT_TRACETYPE_POLICY)
		drop.handle = 0;
	d->items[d->count++] = drop;
}

struct drops *drops_begin(struct lc_lab *lab, const struct sieve *sieve)
{
	struct drops *d = calloc(1, sizeof(*d));

	if (d)
		d->trace = trace_begin(lab, sieve);
	return d;
}

static void take_message(void *drops, struct lc_node *node,
			 const struct nlmsghdr *h)
{
	take(drops, node, h);
}

void drops_end(struct drops *d, const struct probe *probe)
{
	if (!d)
		return;
	d->probe = probe;
	d->incomplete = !trace_end(d->trace, probe ? take_message : NULL, d);
	d->trace = NULL;
}

bool drops_incomplete(const struct drops *d)
{
	return d && d->incomplete;
}

void drops_free(struct drops *d)
{
	if (d)
		trace_end(d->trace, NULL, NULL);
	free(d);
}

static const char *family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_ARP:
		return "arp";
	case NFPROTO_NETDEV:
		return "netdev";
	case NFPROTO_BRIDGE:
		return "bridge";
	}
	return "?";
}

/* The line of a listing that ends in "# handle N", without that */
static bool line_of(char *listing, uint64_t handle, char *text, size_t size)
{
	char mark[48], *line, *end, *rest = listing;

	snprintf(mark, sizeof(mark), " # handle %llu",
		 (unsigned long long)handle);
	while ((line = strsep(&rest, "\n"))) {
		end = strstr(line, mark);
		if (!end || end[strlen(mark)] || strstr(line, "chain "))
			continue;
		*end = '\0';
		line += strspn(line, "\t ");
		snprintf(text, size, "%s", line);
		return true;
	}
	return false;
}

static bool rule_words(const struct drop *drop, char *text, size_t size)
{
	const struct plan_rule *rule =
		drop->family == NFPROTO_IPV4 ?
			netfilter_rule(drop->node, drop->handle) : NULL;
	struct lc_node *nodes[] = { drop->node };
	char command[200], listing[16384];

	if (rule) {
		rule_text(rule, text, size);
		return true;
	}
	snprintf(command, sizeof(command), "list chain %s %s %s",
		 family_word(drop->family), drop->table, drop->chain);
	if (nft_command(nodes, 1, command, listing, sizeof(listing)) < 1)
		return false;
	return line_of(listing, drop->handle, text, size);
}

const char *drops_on(const struct drops *d, const struct lc_node *node,
		     const struct lc_ends *ends, char text[DROP_TEXT])
{
	const char *name = lc_node_name(node);
	char words[160];

	for (size_t i = 0; d && i < d->count; i++) {
		const struct drop *drop = &d->items[i];
		const char *family = family_word(drop->family);

		if (drop->node != node || !is_of(d, drop, ends))
			continue;
		if (!drop->handle)
			snprintf(text, DROP_TEXT,
				 "the policy of chain %s on %s (table %s %s)",
				 drop->chain, name, family, drop->table);
		else if (rule_words(drop, words, sizeof(words)))
			snprintf(text, DROP_TEXT,
				 "rule `%s` on %s (chain %s, table %s %s, handle %llu)",
				 words, name, drop->chain, family, drop->table,
				 (unsigned long long)drop->handle);
		else
			snprintf(text, DROP_TEXT,
				 "rule %llu on %s (chain %s, table %s %s)",
				 (unsigned long long)drop->handle, name,
				 drop->chain, family, drop->table);
		return text;
	}
	return NULL;
}

static uint8_t protocol_of(const struct probe *p, int family)
{
	switch (p->said.protocol) {
	case LC_TCP:
		return IPPROTO_TCP;
	case LC_UDP:
	case LC_DNS:
		return IPPROTO_UDP;
	case LC_ICMP:
	case LC_PROTOCOLS:
		break;
	}
	return family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

bool cause_rule(struct inquest *q, const struct lc_node *node,
		const struct lc_ends *ends)
{
	char text[DROP_TEXT];

	if (!drops_on(q->drops, node, ends, text) &&
	    !legacy_on(q->legacy, node, ends,
		       protocol_of(q->probe, ends->destination.family), text,
		       sizeof(text)))
		return false;
	return cause_is(q, "%s", text);
}
