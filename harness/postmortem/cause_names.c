// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_names.c - a question to a name server that was of no use
 *
 * Who was asked, who would have known, and why not.  What containers are called,
 * and by whom they are found, is in the plan; whom the embedded name server passed
 * a question on to is seen on the wire, where it goes the way of any datagram.
 */
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>

#include "daemon/message.h"
#include "daemon/names.h"
#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/cause_names.h"
#include "probe/batch/probe.h"
#include "scenario/address.h"

static bool is_embedded(const struct lc_ip *ip)
{
	static const struct lc_ip embedded = {
		.family = AF_INET, .bytes = { 127, 0, 0, 11 },
	};

	return ip_equal(ip, &embedded);
}

bool names_ask_embedded(const struct inquest *q)
{
	const struct plan_names *files = q->probe->from->plan->owner->files;

	return files && files->embedded && is_embedded(&q->probe->seen->address);
}

static const struct lc_ip *server_at(const struct plan_names *files,
				     const struct lc_ip *ip)
{
	for (size_t i = 0; i < files->server_count; i++)
		if (ip_equal(&files->servers[i], ip))
			return &files->servers[i];
	return NULL;
}

const struct lc_ip *names_last_asked(const struct inquest *q)
{
	const struct plan_names *files = q->probe->from->plan->owner->files;
	const struct lc_ip *server = NULL;

	for (size_t i = q->seen->count; i-- > 0 && !server;)
		if (q->seen->items[i].kind == SEEN_REPLY)
			server = server_at(files, &q->seen->items[i].own.source);
	return server ? server : &files->servers[0];
}

const struct plan_endpoint *names_end_in(const struct plan *plan, uint32_t node,
					 uint32_t network)
{
	for (size_t i = 0; i < plan->endpoint_count; i++)
		if (plan->endpoints[i].node == node &&
		    plan->endpoints[i].network == network)
			return &plan->endpoints[i];
	return NULL;
}

void names_networks(const struct plan *plan, uint32_t node, char *text,
		    size_t size)
{
	size_t count = 0, told = 0, length = 0;

	*text = '\0';
	for (size_t i = 0; i < plan->endpoint_count; i++)
		count += plan->endpoints[i].node == node;
	for (size_t i = 0; i < plan->endpoint_count && length < size; i++) {
		if (plan->endpoints[i].node != node)
			continue;
		length += (size_t)snprintf(
			text + length, size - length, "%s%s",
			!told ? "" : told + 1 < count ? ", " : " and ",
			plan->networks[plan->endpoints[i].network].name);
		told++;
	}
}

/**
 * struct namesake - Whom a name belongs to
 * @shared:	In a network that the asker is in as well; of several it goes first
 */
struct namesake {
	const struct plan_endpoint *end;
	bool shared;
};

static struct namesake namesake(const struct plan *plan, uint32_t asker,
				const char *name)
{
	struct namesake found = { NULL, false };

	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *end = &plan->endpoints[i];
		bool shared = names_end_in(plan, asker, end->network);

		if (!names_called(plan, end, name) ||
		    (found.end && (found.shared || !shared)))
			continue;
		found = (struct namesake){ end, shared };
	}
	return found;
}

/* "db, an alias of u5," */
static void write_name(const struct plan *plan, const struct plan_endpoint *end,
		       const char *name, char *text, size_t size)
{
	const char *own = plan->nodes[end->node].name;

	if (!strcmp(own, name))
		snprintf(text, size, "%s", own);
	else
		snprintf(text, size, "%s (%s)", name, own);
}

static bool cause_no_names(struct inquest *q, const char *name,
			   const struct plan_endpoint *end)
{
	const struct plan *plan = q->lab->plan;
	const struct lc_node *from = q->probe->from;
	const uint32_t asker = from->plan->owner->number;
	char networks[128], server[IP_TEXT_SIZE];

	ip_format(&q->probe->seen->address, server);
	names_networks(plan, asker, networks, sizeof(networks));
	if (!end)
		return false;
	if (*networks)
		return cause_is(q, "%s asked %s, who does not know the containers: in %s there are no names (127.0.0.11 is for networks that users make)",
				lc_node_name(from), server, networks);
	return cause_is(q, "%s asked %s, who does not know the containers: %s is a name for those alone who are in %s",
			lc_node_name(from), server, name,
			plan->networks[end->network].name);
}

static bool cause_no_address(struct inquest *q, const char *called,
			     const struct plan_endpoint *end)
{
	const uint16_t type = q->probe->said.type;
	const char *network = q->lab->plan->networks[end->network].name;

	if ((type == DNS_A && !end->ip.family) ||
	    (type == DNS_AAAA && !end->ip6.family))
		return cause_is(q, "%s has no %s address in %s", called,
				type == DNS_A ? "IPv4" : "IPv6", network);
	return false;
}

static bool cause_nobody_called(struct inquest *q, const char *name)
{
	const struct lc_node *from = q->probe->from;
	const struct plan_names *files = from->plan->owner->files;
	char networks[128], server[IP_TEXT_SIZE];

	names_networks(q->lab->plan, from->plan->owner->number, networks,
		       sizeof(networks));
	if (plan_node_find(q->lab->plan, name) >= 0)
		return cause_is(q, "%s is a node of no network: 127.0.0.11 of %s knows those in %s",
				name, lc_node_name(from), networks);
	if (!files->server_count)
		return cause_is(q, "nobody in %s is called %s, and 127.0.0.11 of %s has nobody to ask for other names",
				networks, name, lc_node_name(from));
	return cause_is(q, "nobody in %s is called %s, and %s, whom 127.0.0.11 of %s asks then, says %s",
			networks, name, ip_format(names_last_asked(q), server),
			lc_node_name(from), q->probe->seen->said->code_name);
}

/* It was answered, in a way that tells nothing of the name */
static bool cause_unknown(struct inquest *q)
{
	const struct plan *plan = q->lab->plan;
	const struct probe *p = q->probe;
	const uint32_t asker = p->from->plan->owner->number;
	const char *name = p->said.name;
	const struct namesake of = namesake(plan, asker, name);
	char called[160], networks[128];

	if (p->seen->said->code == DNS_NOERROR && p->seen->said->count)
		return false;
	if (p->said.type == DNS_PTR)
		return cause_reverse(q);
	if (!names_ask_embedded(q))
		return p->said.to->kind == LC_TARGET_NONE &&
		       cause_no_names(q, name, of.end);
	if (!of.end)
		return p->seen->said->code != DNS_NOERROR &&
		       cause_nobody_called(q, name);
	write_name(plan, of.end, name, called, sizeof(called));
	names_networks(plan, asker, networks, sizeof(networks));
	if (!of.shared)
		return cause_is(q, "%s is found in %s alone, and %s is in %s: they share no network",
				called, plan->networks[of.end->network].name,
				lc_node_name(p->from), networks);
	if (!plan->networks[of.end->network].dns)
		return cause_is(q, "%s and %s share %s alone, where there are no names",
				lc_node_name(p->from), called,
				plan->networks[of.end->network].name);
	return cause_no_address(q, called, of.end);
}

/* The last place where a question was seen on its way from the embedded server to
 * another; or NULL */
static const struct sighting *passed_on(const struct inquest *q)
{
	for (size_t i = q->seen->count; i-- > 0;) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_REQUEST && strcmp(s->interface, "lo") != 0)
			return s;
	}
	return NULL;
}

/* What is known of the question that was passed on is said of that */
static bool cause_passed_on(struct inquest *q, const struct lc_ip *server)
{
	char text[sizeof(q->cause.text)], ip[IP_TEXT_SIZE];

	memcpy(text, q->cause.text, sizeof(text));
	return cause_is(q, "127.0.0.11 of %s does not know %s and asked %s: %s",
			lc_node_name(q->probe->from), q->probe->said.name,
			ip_format(server, ip), text);
}

static bool cause_not_passed_on(struct inquest *q)
{
	struct lc_node *from = q->probe->from;
	const struct plan_names *files = from->plan->owner->files;
	struct burden burden = { .ends.destination_port = DNS_PORT };

	if (!files->server_count)
		return cause_is(q, "127.0.0.11 of %s does not know %s, and has nobody to ask for other names",
				lc_node_name(from), q->probe->said.name);
	burden.ends.destination = files->servers[0];
	return !ip_is_loopback(&files->servers[0]) &&
	       (cause_rule(q, from, &burden.ends) ||
		cause_way(q, from, &burden, false)) &&
	       cause_passed_on(q, &files->servers[0]);
}

/* An ICMP error about it says that no program is there */
static bool cause_unheard(struct inquest *q, const struct sighting *last)
{
	for (size_t i = 0; i < q->seen->count; i++) {
		const struct sighting *s = &q->seen->items[i];

		if (s->kind == SEEN_ERROR && s->node == last->node && s->out)
			return cause_rule(q, last->node, &last->ends) ||
			       cause_nobody_listens(q, last->node, &last->ends);
	}
	return false;
}

static bool cause_embedded(struct inquest *q)
{
	const struct sighting *last = passed_on(q);

	if (q->probe->seen->outcome == LC_PORT_UNREACHABLE)
		return cause_is(q, "the rules of %s that lead port 53 of 127.0.0.11 to its name server are gone (table nat)",
				lc_node_name(q->probe->from));
	if (!last)
		return cause_not_passed_on(q);
	return (cause_unheard(q, last) || cause_follow(q)) &&
	       cause_passed_on(q, &last->ends.destination);
}

bool cause_names(struct inquest *q, bool *ret_known)
{
	const struct probe *p = q->probe;

	*ret_known = false;
	if (p->said.protocol != LC_DNS)
		return false;
	if (p->seen->outcome == LC_REPLY)
		*ret_known = cause_unknown(q);
	else if (!p->seen->address.family)
		*ret_known = cause_is(q, "%s has no name server (/etc/resolv.conf)",
				      lc_node_name(p->from));
	else if (names_ask_embedded(q))
		*ret_known = cause_embedded(q);
	else
		return false;
	return true;
}
