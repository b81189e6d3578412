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

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "postmortem/drop_words.h"
#include "postmortem/drops.h"
#include "postmortem/passages.h"
#include "postmortem/trace.h"
#include "postmortem/trace_packet.h"

/** struct drops - @incomplete: some of what rules did was not told */
struct drops {
	struct trace *trace;
	bool incomplete;
	const struct probe *probe;
	struct drop *items;
	size_t count;
	struct passages passages;
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

/* Each chain shows the packet once, as it has come to it */
static void note_packet(struct drops *d, const struct drop *at, uint32_t id,
			const struct nlattr *network,
			const struct nlattr *transport)
{
	struct traced packet;
	const bool ours = trace_packet_read(d->probe, network, transport,
					    &packet);

	d->incomplete |= passages_note(&d->passages, at->node, id,
				       trace_begins(at->table, at->chain),
				       ours ? &packet : NULL) < 0;
}

static void note_drop(struct drops *d, const struct drop *drop)
{
	struct drop *items = reallocarray(d->items, d->count + 1,
					  sizeof(*items));

	d->incomplete |= !items;
	if (!items)
		return;
	d->items = items;
	items[d->count++] = *drop;
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

static bool is_at(const struct stage *s, const struct lc_node *node)
{
	return s->node == node && s->passage && s->packet.kind == SEEN_REQUEST;
}

/* What it was made into behind that stage */
static bool led_from(const struct passages *p, size_t stage,
		     struct lc_ends *ends)
{
	for (size_t i = stage + 1; i < p->count; i++) {
		const struct stage *s = &p->stages[i];

		if (s->passage != p->stages[stage].passage ||
		    !other_destination(&s->packet.ends, ends))
			continue;
		ends->destination = s->packet.ends.destination;
		if (has_ports(&s->packet.ends))
			ends->destination_port =
				s->packet.ends.destination_port;
		return true;
	}
	return false;
}

bool drops_led_to(const struct drops *d, const struct lc_node *node,
		  struct lc_ends *ends)
{
	for (size_t i = 0; d && i < d->passages.count; i++) {
		const struct stage *was = &d->passages.stages[i];

		if (is_at(was, node) && same_ends(&was->packet.ends, ends) &&
		    led_from(&d->passages, i, ends))
			return true;
	}
	return false;
}

static void take(struct drops *d, struct lc_node *node,
		 const struct nlmsghdr *h)
{
	const struct nfgenmsg *g = mnl_nlmsg_get_payload(h);
	struct drop drop = { .node = node, .family = g->nfgen_family };
	const struct nlattr *attr, *network = NULL, *transport = NULL;
	uint32_t type = 0, id = 0;
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
			id = ntohl(mnl_attr_get_u32(attr));
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
		note_packet(d, &drop, id, network, transport);
	drop.passage = dropped ? passages_now(&d->passages, node, id) : 0;
	if (type == NFT_TRACETYPE_POLICY)
		drop.handle = 0;
	if (drop.passage)
		note_drop(d, &drop);
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
	d->incomplete |= !trace_end(d->trace, probe ? take_message : NULL, d);
	d->trace = NULL;
}

bool drops_incomplete(const struct drops *d)
{
	return d && d->incomplete;
}

void drops_free(struct drops *d)
{
	if (!d)
		return;
	trace_end(d->trace, NULL, NULL);
	passages_done(&d->passages);
	free(d->items);
	free(d);
}

/* NAT changes one end at a time, so sharing one is enough; an error comes from
 * anybody */
static bool is_of(const struct traced *t, const struct lc_ends *ends)
{
	const bool to = lc_ip_equal(&t->ends.destination, &ends->destination);

	if (t->kind == SEEN_ERROR)
		return to;
	return t->kind == SEEN_REQUEST &&
	       (to || lc_ip_equal(&t->ends.source, &ends->source));
}

/* Whether it is that very question, or answer; who asks may be the node itself */
static bool is_said(const struct stage *s, enum sighting_kind kind,
		    const struct lc_ends *ends)
{
	const struct lc_ends *said = &s->packet.ends;

	if (s->packet.kind != kind)
		return false;
	if (kind == SEEN_ANSWER)
		return traced_is_about(&s->packet, &ends->source) &&
		       lc_ip_equal(&said->destination, &ends->destination);
	return traced_is_about(&s->packet, &ends->destination) &&
	       (ends->source.family ?
			lc_ip_equal(&said->source, &ends->source) :
			node_has_address(s->node, &said->source));
}

static bool concerns(const struct drops *d, const struct drop *drop,
		     enum sighting_kind kind, const struct lc_ends *ends)
{
	const bool said = kind == SEEN_QUESTION || kind == SEEN_ANSWER;

	for (size_t i = 0; i < d->passages.count; i++) {
		const struct stage *s = &d->passages.stages[i];

		if (s->passage == drop->passage &&
		    (said ? is_said(s, kind, ends) : is_of(&s->packet, ends)))
			return true;
	}
	return false;
}

const char *drops_on(const struct drops *d, const struct lc_node *node,
		     enum sighting_kind kind, const struct lc_ends *ends,
		     char text[DROP_TEXT])
{
	for (size_t i = 0; d && i < d->count; i++) {
		const struct drop *drop = &d->items[i];

		if (drop->node != node || !concerns(d, drop, kind, ends))
			continue;
		drop_tell(drop, text);
		return text;
	}
	return NULL;
}
