// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drops.c - which rule of which node dropped a packet
 *
 * What the kernel reports of the probe's packets (trace.c) is kept until it is asked
 * for: each packet as it came to each chain, and each decision against one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "lab/lab.h"
#include "postmortem/drop_words.h"
#include "postmortem/drops.h"
#include "postmortem/trace.h"
#include "postmortem/trace_packet.h"

enum { DROPS_MAX = 64, PACKETS_MAX = 256 };

/** struct traced - A packet of the probe, by the number that it has in a node, as
 * it came to a chain */
struct traced {
	const struct lc_node *node;
	uint32_t id;
	struct lc_ends ends;
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

/* Numbers are used again */
static void forget(struct drops *d, const struct lc_node *node, uint32_t id)
{
	for (size_t i = 0; i < d->packet_count; i++)
		if (d->packets[i].node == node && d->packets[i].id == id)
			d->packets[i--] = d->packets[--d->packet_count];
}

/* Each chain shows the packet once, as it has come to it */
static void note_packet(struct drops *d, const struct lc_node *node,
			uint32_t id, const struct nlattr *network,
			const struct nlattr *transport)
{
	struct traced t = { .node = node, .id = id };

	if (d->packet_count == PACKETS_MAX)
		return;
	if (trace_packet_read(d->probe, network, transport, &t.ends))
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

const char *drops_on(const struct drops *d, const struct lc_node *node,
		     const struct lc_ends *ends, char text[DROP_TEXT])
{
	for (size_t i = 0; d && i < d->count; i++) {
		const struct drop *drop = &d->items[i];

		if (drop->node != node || !is_of(d, drop, ends))
			continue;
		drop_tell(drop, text);
		return text;
	}
	return NULL;
}
