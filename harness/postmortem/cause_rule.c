// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_rule.c - a packet that a rule decided against, however that is known
 */
#include <netinet/in.h>
#include <sys/socket.h>

#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
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
