// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drops.c - which rule of which node dropped a packet
 *
 * For as long as the probe is under way each node has a table that marks every
 * packet before any other rule sees it.  The rules' own words come from the plan
 * where the plan made them, else from nft.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/auto.h>

#include "lab/netfilter.h"
#include "lab/nft_command.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "probe/batch.h"
#include "scenario/rule_text.h"

enum { DROPS_MAX = 64, PACKETS_MAX = 256, RECEIVE_BYTES = 16 << 10 };

#define TRACE "labcheck-trace"

/* One transaction each: where a family is missing, the others still work */
static const char *const begin_commands[] = {
	"add table inet " TRACE "\n"
	"add chain inet " TRACE " pre { type filter hook prerouting priority -450; }\n"
	"add chain inet " TRACE " out { type filter hook output priority -450; }\n"
	"add rule inet " TRACE " pre meta nftrace set 1\n"
	"add rule inet " TRACE " out meta nftrace set 1\n",
	"add table bridge " TRACE "\n"
	"add chain bridge " TRACE " pre { type filter hook prerouting priority -450; }\n"
	"add chain bridge " TRACE " out { type filter hook output priority -450; }\n"
	"add rule bridge " TRACE " pre meta nftrace set 1\n"
	"add rule bridge " TRACE " out meta nftrace set 1\n",
};
static const char *const end_commands[] = {
	"delete table inet " TRACE "\n", "delete table bridge " TRACE "\n",
};
enum { COMMANDS = sizeof(begin_commands) / sizeof(*begin_commands) };

/** struct traced - A packet that is traced, by the number that it has there */
struct traced {
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

struct drops {
	struct lc_lab *lab;
	struct lc_node **nodes;
	int *fds;
	size_t node_count;
	struct drop items[DROPS_MAX];
	size_t count;
	struct traced packets[PACKETS_MAX];
	size_t packet_count;
};

static int trace_socket(struct lc_node *node)
{
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK };
	int group = NFNLGRP_NFTRACE;
	int fd = node_socket(node, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER,
			     NULL);

	if (fd < 0)
		return fd;
	/* Without a port of its own it would be the kernel's, and get nothing */
	if (bind(fd, (void *)&sa, sizeof(sa)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		lc_close(&fd);
	return fd;
}

struct drops *drops_begin(struct lc_lab *lab)
{
	struct drops *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->lab = lab;
	d->nodes = calloc(lab->node_count, sizeof(*d->nodes));
	d->fds = calloc(lab->node_count, sizeof(*d->fds));
	for (size_t i = 0; d->nodes && d->fds && i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		/* An adopted namespace is looked at, never touched */
		if (node->plan->kind != NODE_OWN || node->plan->absent ||
		    node->netns < 0)
			continue;
		d->fds[d->node_count] = trace_socket(node);
		d->nodes[d->node_count++] = node;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		nft_command(d->nodes, d->node_count, begin_commands[i], NULL,
			    0);
	return d;
}

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

static uint16_t get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* As a probe's ends have them: of an ICMP echo both are its identifier */
static void read_ports(const uint8_t *ip, const struct nlattr *attr,
		       struct lc_ends *ends)
{
	const uint8_t *p = mnl_attr_get_payload(attr);
	uint8_t protocol = ip[0] >> 4 == 4 ? ip[9] : ip[6];

	if (mnl_attr_get_payload_len(attr) < 8)
		return;
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) {
		ends->source_port = get_u16(p);
		ends->destination_port = get_u16(p + 2);
	} else if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
		ends->source_port = ends->destination_port = get_u16(p + 4);
	}
}

/* Each chain shows the packet once, as it has come to it */
static void note_packet(struct drops *d, uint32_t id,
			const struct nlattr *network,
			const struct nlattr *transport)
{
	const uint8_t *ip = mnl_attr_get_payload(network);
	size_t length = mnl_attr_get_payload_len(network);
	struct traced *t = &d->packets[d->packet_count];
	bool v4;

	if (d->packet_count == PACKETS_MAX || length < 20)
		return;
	v4 = ip[0] >> 4 == 4;
	if (!v4 && length < 40)
		return;
	*t = (struct traced){ .id = id };
	t->ends.source.family = v4 ? AF_INET : AF_INET6;
	t->ends.destination.family = t->ends.source.family;
	memcpy(t->ends.source.bytes, ip + (v4 ? 12 : 8), v4 ? 4 : 16);
	memcpy(t->ends.destination.bytes, ip + (v4 ? 16 : 24), v4 ? 4 : 16);
	if (transport)
		read_ports(ip, transport, &t->ends);
	d->packet_count++;
}

/* One end of a packet, and what is known of its port */
static bool same_end(const struct lc_ip *a, uint16_t a_port,
		     const struct lc_ip *b, uint16_t b_port)
{
	return lc_ip_equal(a, b) && (!a_port || !b_port || a_port == b_port);
}

/* NAT changes one end at a time, so sharing one is enough; what was never
 * shown (frames of a bridge) can't be told apart */
static bool is_of(const struct drops *d, const struct drop *drop,
		  const struct lc_ends *ends)
{
	bool shown = false;

	for (size_t i = 0; i < d->packet_count; i++) {
		const struct lc_ends *t = &d->packets[i].ends;

		if (d->packets[i].id != drop->id)
			continue;
		shown = true;
		if (same_end(&t->source, t->source_port, &ends->source,
			     ends->source_port) ||
		    same_end(&t->destination, t->destination_port,
			     &ends->destination, ends->destination_port))
			return true;
	}
	return !shown;
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
		note_packet(d, drop.id, network, transport);
	if (!dropped || d->count == DROPS_MAX)
		return;
	if (type == NFT_TRACETYPE_POLICY)
		drop.handle = 0;
	d->items[d->count++] = drop;
}

static void read_all(struct drops *d, size_t which)
{
	lc_auto(lc_free) char *buffer = malloc(RECEIVE_BYTES);
	ssize_t n;

	if (!buffer || d->fds[which] < 0)
		return;
	while ((n = recv(d->fds[which], buffer, RECEIVE_BYTES,
			 MSG_DONTWAIT)) > 0 || (n < 0 && errno == ENOBUFS)) {
		int left = (int)n;

		for (const struct nlmsghdr *h = (void *)buffer;
		     n > 0 && mnl_nlmsg_ok(h, left);
		     h = mnl_nlmsg_next(h, &left))
			take(d, d->nodes[which], h);
	}
}

void drops_end(struct drops *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->node_count; i++)
		read_all(d, i);
	for (size_t i = 0; i < COMMANDS; i++)
		nft_command(d->nodes, d->node_count, end_commands[i], NULL, 0);
}

void drops_free(struct drops *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->node_count; i++)
		lc_close(&d->fds[i]);
	free(d->fds);
	free(d->nodes);
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

bool cause_rule(struct inquest *q, const struct lc_node *node,
		const struct lc_ends *ends)
{
	char text[DROP_TEXT];

	if (!drops_on(q->drops, node, ends, text))
		return false;
	return cause_is(q, "%s", text);
}
