// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_reverse.c - whose an address is was asked of a name server, and not told
 *
 * A container's own one tells it of those alone who are in a network with it.
 */
#include <stdio.h>

#include "daemon/message.h"
#include "daemon/names.h"
#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/cause_names.h"
#include "probe/batch/probe.h"
#include "scenario/address.h"
#include "scenario/value.h"

enum { NETWORKS_TEXT = 128 };

/* Whom a network gave the address; one that the asker is in as well goes first */
static const struct plan_endpoint *given(const struct plan *plan,
					 uint32_t asker, const struct lc_ip *ip)
{
	const struct plan_endpoint *found = NULL;

	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *end = &plan->endpoints[i];

		if (!ip_equal(&end->ip, ip) && !ip_equal(&end->ip6, ip))
			continue;
		if (names_end_in(plan, asker, end->network))
			return end;
		if (!found)
			found = end;
	}
	return found;
}

static bool is_in_network(const struct plan *plan, const struct lc_node *node)
{
	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (plan->endpoints[i].node == node->plan->owner->number)
			return true;
	return false;
}

/* Somebody has it whom no network gave it, or nobody */
static bool cause_not_given(struct inquest *q, const struct lc_ip *ip,
			    const char *networks)
{
	const struct lc_node *from = q->probe->from;
	const struct plan_names *files = from->plan->owner->files;
	char text[IP_TEXT_SIZE], server[IP_TEXT_SIZE];
	struct lc_node *who[2];

	ip_format(ip, text);
	if (address_holders(q->lab, ip, who) == 1)
		return cause_is(q, "%s is %s's, %s of no network: 127.0.0.11 of %s knows those in %s",
				text, lc_node_name(who[0]),
				is_in_network(q->lab->plan, who[0]) ?
					"and" : "a node",
				lc_node_name(from), networks);
	if (!files->server_count)
		return cause_is(q, "nobody in %s has %s, and 127.0.0.11 of %s has nobody to ask for other addresses",
				networks, text, lc_node_name(from));
	return cause_is(q, "nobody in %s has %s, and %s, whom 127.0.0.11 of %s asks then, says %s",
			networks, text, ip_format(names_last_asked(q), server),
			lc_node_name(from), q->probe->seen->said->code_name);
}

/* Who was asked is no container's own name server */
static bool cause_asked_another(struct inquest *q, const struct lc_ip *ip,
				const struct plan_endpoint *end,
				const char *networks)
{
	const struct probe *p = q->probe;
	char text[IP_TEXT_SIZE], server[IP_TEXT_SIZE];

	if (p->said.to->kind != LC_TARGET_NONE || !end)
		return false;
	ip_format(&p->seen->address, server);
	if (*networks)
		return cause_is(q, "%s asked %s, who does not know the containers: in %s there are no names (127.0.0.11 is for networks that users make)",
				lc_node_name(p->from), server, networks);
	return cause_is(q, "%s asked %s, who does not know the containers: only those who are in %s find whose %s is",
			lc_node_name(p->from), server,
			q->lab->plan->networks[end->network].name,
			ip_format(ip, text));
}

bool cause_reverse(struct inquest *q)
{
	const struct plan *plan = q->lab->plan;
	const struct probe *p = q->probe;
	const uint32_t asker = p->from->plan->owner->number;
	char networks[NETWORKS_TEXT], text[IP_TEXT_SIZE];
	const struct plan_endpoint *end;
	const char *holder;
	struct lc_ip ip;

	if (value_address(p->said.name, &ip, NULL) &&
	    !names_reverse(p->said.name, &ip))
		return false;
	end = given(plan, asker, &ip);
	names_networks(plan, asker, networks, sizeof(networks));
	if (!names_ask_embedded(q))
		return cause_asked_another(q, &ip, end, networks);
	if (!end)
		return cause_not_given(q, &ip, networks);
	holder = plan->nodes[end->node].name;
	ip_format(&ip, text);
	if (!names_end_in(plan, asker, end->network))
		return cause_is(q, "%s is %s's in %s alone, and %s is in %s: they share no network",
				text, holder, plan->networks[end->network].name,
				lc_node_name(p->from), networks);
	if (plan->networks[end->network].dns)
		return false;
	return cause_is(q, "%s is %s's in %s, where there are no names", text,
			holder, plan->networks[end->network].name);
}
