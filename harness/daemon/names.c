// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names.c - who answers to which name in a lab
 *
 * What a container finds depends on who asks: it sees those that share a
 * network with it, each at the address there, one network after the other in
 * the order in which they are elected for the default route, whichever was
 * connected first.  A known name without an address of the
 * kind asked for is an empty answer, and not an unknown name, which others
 * would have to be asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/message.h"
#include "daemon/names.h"
#include "scenario/address.h"
#include "scenario/plan.h"

enum { TTL = 600 };

static bool is_called(const struct plan_endpoint *end, const char *name,
		      size_t length)
{
	if (strlen(end->name) == length &&
	    !strncasecmp(end->name, name, length))
		return true;
	if (end->id && strlen(end->id) == length &&
	    !strncasecmp(end->id, name, length))
		return true;
	for (size_t i = 0; i < end->alias_count; i++)
		if (strlen(end->aliases[i]) == length &&
		    !strncasecmp(end->aliases[i], name, length))
			return true;
	return false;
}

bool names_called(const struct plan *plan, const struct plan_endpoint *end,
		  const char *name)
{
	const char *dot = strrchr(name, '.');

	return is_called(end, name, strlen(name)) ||
	       (dot && !strcasecmp(plan->networks[end->network].name, dot + 1) &&
		is_called(end, name, (size_t)(dot - name)));
}

static int record_add(struct dns_reply *reply, uint16_t type,
		      const struct lc_ip *ip)
{
	struct dns_record *records;

	records = reallocarray(reply->records, reply->count + 1,
			       sizeof(*records));
	if (!records)
		return -ENOMEM;
	reply->records = records;
	records[reply->count++] = (struct dns_record){ .type = type,
						       .ip = *ip };
	return 0;
}

/* Those of one network that are called so.  Return: 1, 0 or -ENOMEM */
static int network_find(const struct plan *plan, uint32_t network,
			const char *name, size_t length, uint16_t type,
			struct dns_reply *reply)
{
	int known = 0;

	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *end = &plan->endpoints[i];
		const struct lc_ip *ip = type == DNS_AAAA ? &end->ip6 :
							    &end->ip;

		if (end->network != network ||
		    !is_called(end, name, length))
			continue;
		known = 1;
		if (type != DNS_MX && ip->family &&
		    record_add(reply, type, ip))
			return -ENOMEM;
	}
	return known;
}

static bool is_before(const struct plan_network *a,
		      const struct plan_network *b)
{
	if (a->internal != b->internal)
		return b->internal;
	return strcmp(a->name, b->name) < 0;
}

/* Which of a node's networks is asked after one of them; @last NULL: first */
static const struct plan_endpoint *endpoint_next(
	const struct plan *plan, uint32_t node, const struct plan_endpoint *last)
{
	const struct plan_endpoint *next = NULL;

	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *end = &plan->endpoints[i];
		const struct plan_network *network =
			&plan->networks[end->network];

		if (end->node == node &&
		    (!last ||
		     is_before(&plan->networks[last->network], network)) &&
		    (!next ||
		     is_before(network, &plan->networks[next->network])))
			next = end;
	}
	return next;
}

/*
 * In one of the networks of a node; with @dot, the network's name stands
 * behind that dot
 */
static int name_find(const struct plan *plan, uint32_t node,
		     const char *name, const char *dot, uint16_t type,
		     struct dns_reply *reply)
{
	size_t length = dot ? (size_t)(dot - name) : strlen(name);
	const struct plan_endpoint *own = NULL;
	int known = 0;

	while (!known && (own = endpoint_next(plan, node, own))) {
		const struct plan_network *network =
			&plan->networks[own->network];

		if (network->dns &&
		    (!dot || !strcasecmp(network->name, dot + 1)))
			known = network_find(plan, own->network, name, length,
					     type, reply);
	}
	return known;
}

/* Whose turn it is comes first; the others follow in their order */
static void rotate(struct dns_reply *reply, unsigned int turn)
{
	for (size_t i = reply->count ? turn % reply->count : 0; i; i--) {
		struct dns_record first = reply->records[0];

		memmove(reply->records, reply->records + 1,
			(reply->count - 1) * sizeof(first));
		reply->records[reply->count - 1] = first;
	}
}

static int answer_forward(const struct plan *plan, uint32_t node,
			  const struct dns_question *q, unsigned int turn,
			  struct dns_reply *reply)
{
	const char *dot = NULL;
	int known;

	do {
		known = name_find(plan, node, q->name, dot, q->type, reply);
		dot = strchr(dot ? dot + 1 : q->name, '.');
	} while (!known && dot);
	if (known > 0)
		rotate(reply, turn);
	return known;
}

/* 3.0.18.172.in-addr.arpa */
static bool reverse4(const char *name, struct lc_ip *ret_ip)
{
	unsigned int b[4];
	int end = 0;

	if (sscanf(name, "%3u.%3u.%3u.%3u.in-addr.arpa%n", &b[3], &b[2], &b[1],
		   &b[0], &end) != 4 || !end || name[end])
		return false;
	*ret_ip = (struct lc_ip){ .family = AF_INET };
	for (int i = 0; i < 4; i++) {
		if (b[i] > 255)
			return false;
		ret_ip->bytes[i] = (uint8_t)b[i];
	}
	return true;
}

/* 32 digits, the last one first, each with a dot behind it; RFC 3596, 2.5 */
static bool reverse6(const char *name, struct lc_ip *ret_ip)
{
	static const char digits[] = "0123456789abcdef";

	*ret_ip = (struct lc_ip){ .family = AF_INET6 };
	for (int i = 31; i >= 0; i--, name += 2) {
		const char *digit = *name ? strchr(digits, *name) : NULL;

		if (!digit || name[1] != '.')
			return false;
		ret_ip->bytes[i / 2] |= (uint8_t)((digit - digits)
						  << (i % 2 ? 0 : 4));
	}
	return !strcmp(name, "ip6.arpa");
}

bool names_reverse(const char *name, struct lc_ip *ret_ip)
{
	return reverse4(name, ret_ip) || reverse6(name, ret_ip);
}

static const struct plan_endpoint *holder_find(const struct plan *plan,
					       uint32_t node,
					       const struct lc_ip *ip)
{
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		const struct plan_endpoint *own = &plan->endpoints[i];

		if (own->node != node || !plan->networks[own->network].dns)
			continue;
		for (size_t k = 0; k < plan->endpoint_count; k++) {
			const struct plan_endpoint *end = &plan->endpoints[k];

			if (end->network == own->network &&
			    (ip_equal(&end->ip, ip) ||
			     ip_equal(&end->ip6, ip)))
				return end;
		}
	}
	return NULL;
}

static int answer_reverse(const struct plan *plan, uint32_t node,
			  const struct dns_question *q,
			  struct dns_reply *reply)
{
	const struct plan_endpoint *end;
	struct lc_ip ip;

	if (!names_reverse(q->name, &ip))
		return 0;
	end = holder_find(plan, node, &ip);
	if (!end || !end->name[0])
		return 0;
	reply->records = calloc(1, sizeof(*reply->records));
	if (!reply->records)
		return -ENOMEM;
	reply->count = 1;
	reply->records->type = DNS_PTR;
	snprintf(reply->records->name, sizeof(reply->records->name), "%s.%s.",
		 end->name, plan->networks[end->network].name);
	return 1;
}

int names_answer(const struct plan *plan, uint32_t node,
		 const struct dns_question *question, unsigned int turn,
		 struct dns_reply *ret_reply)
{
	struct dns_reply reply = { .ttl = TTL };
	int known = 0;

	if (question->class != 1)
		return 0;
	if (question->type == DNS_PTR)
		known = answer_reverse(plan, node, question, &reply);
	else if (question->type == DNS_A || question->type == DNS_AAAA ||
		 question->type == DNS_MX)
		known = answer_forward(plan, node, question, turn, &reply);
	if (known == 1)
		*ret_reply = reply;
	else
		free(reply.records);
	return known;
}
