// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_rule.c - a packet that a rule decided against, however that is known
 */
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <linux/if_ether.h>

#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "postmortem/filters.h"
#include "postmortem/ipsec.h"
#include "postmortem/legacy.h"
#include "probe/batch/probe.h"

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

bool cause_rule(struct inquest *q, struct lc_node *node,
		const struct lc_ends *ends)
{
	const uint8_t protocol = protocol_of(q->probe,
					     ends->destination.family);
	char text[DROP_TEXT];

	if (!drops_on(q->drops, node, SEEN_REQUEST, ends, text) &&
	    !legacy_on(q->legacy, node, ends, protocol, text, sizeof(text)) &&
	    !ipsec_on(q->ipsec, node, ends, protocol, text, sizeof(text)))
		return false;
	return cause_is(q, "%s", text);
}

/* Where a question for a neighbour goes: an address made of its own (RFC 4291,
 * 2.7.1) */
static struct lc_ip solicited(const struct lc_ip *asked)
{
	struct lc_ip ip = { .family = AF_INET6, .bytes = {
		0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff,
	} };

	memcpy(ip.bytes + 13, asked->bytes + 13, 3);
	return ip;
}

bool cause_rule_neighbour(struct inquest *q, struct lc_node *node,
			  enum sighting_kind kind, const struct lc_ends *ends)
{
	struct lc_ends on_wire = *ends;
	char text[DROP_TEXT];

	if (drops_on(q->drops, node, kind, ends, text))
		return cause_is(q, "%s", text);
	if (ends->destination.family != AF_INET6)
		return false;
	if (kind == SEEN_QUESTION)
		on_wire.destination = solicited(&ends->destination);
	return (legacy_on(q->legacy, node, &on_wire, IPPROTO_ICMPV6, text,
			  sizeof(text)) ||
		ipsec_on(q->ipsec, node, &on_wire, IPPROTO_ICMPV6, text,
			 sizeof(text))) &&
	       cause_is(q, "%s", text);
}

uint16_t protocol_of_ends(const struct lc_ends *ends)
{
	return ends->destination.family == AF_INET ? ETH_P_IP : ETH_P_IPV6;
}

uint16_t protocol_of_sighting(const struct sighting *s)
{
	const bool neighbours = s->kind == SEEN_QUESTION ||
				s->kind == SEEN_ANSWER;

	return neighbours && !s->carried &&
			       s->ends.destination.family == AF_INET ?
		       ETH_P_ARP : protocol_of_ends(&s->ends);
}

bool cause_filter_out(struct inquest *q, struct lc_node *node, uint32_t ifindex,
		      uint16_t protocol)
{
	char text[DROP_TEXT];

	return filters_on(q->filters, q->seen, node, ifindex, TC_EGRESS,
			  protocol, text, sizeof(text)) &&
	       cause_is(q, "%s", text);
}

bool cause_filter_in(struct inquest *q, const struct sighting *s)
{
	char text[DROP_TEXT];

	return !s->out &&
	       filters_on(q->filters, q->seen, s->node, s->ifindex, TC_INGRESS,
			  protocol_of_sighting(s), text, sizeof(text)) &&
	       cause_is(q, "%s", text);
}

bool cause_rule_at(struct inquest *q, const struct sighting *s)
{
	if (!s->carried && (s->kind == SEEN_QUESTION || s->kind == SEEN_ANSWER))
		return cause_rule_neighbour(q, s->node, s->kind, &s->ends);
	return cause_rule(q, s->node, &s->ends);
}

/* A question or an answer counts if it is what the way has ended with */
static bool is_on_the_way(const struct inquest *q, const struct sighting *s)
{
	const struct cause *c = &q->cause;

	switch (s->kind) {
	case SEEN_REQUEST:
	case SEEN_REPLY:
		return true;
	case SEEN_QUESTION:
		return c->asker &&
		       sighting_is_question(s, c->asker, &c->neighbour);
	case SEEN_ANSWER:
		return c->asker &&
		       sighting_is_answer(s, c->asker, &c->neighbour);
	case SEEN_ERROR:
		break;
	}
	return false;
}

bool cause_redirected(struct inquest *q)
{
	char text[DROP_TEXT];

	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (is_on_the_way(q, s) &&
		    filters_moved_to(q->filters, q->seen, s,
				     protocol_of_sighting(s), text,
				     sizeof(text)))
			return cause_is(q, "%s", text);
	}
	return false;
}
