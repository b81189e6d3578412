// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_network.c - breaking what a Docker-like network expands into
 *
 * One mutant for each thing that a user has a name for, and not one for each
 * rule: a published port is three rules and a program, and what keeps a network
 * apart is one rule in each of two chains.  Rules that no other network of the
 * host makes a difference for are left alone, as Docker's own are no promise of
 * the file.
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "mutant.h"

/* Keep those of an array that are not the mutant's */
#define KEEP_IF(array, count, keeps)					\
	do {								\
		size_t kept_ = 0;					\
									\
		for (size_t i = 0; i < (count); i++)			\
			if (keeps)					\
				(array)[kept_++] = (array)[i];		\
		(count) = kept_;					\
	} while (0)

static bool is(const char *name, const char *bridge)
{
	return name && !strcmp(name, bridge);
}

static bool masquerades(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_NAT && r->verdict == RULE_MASQUERADE &&
	       r->out_not && is(r->out, bridge);
}

static bool separates(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_FILTER &&
	       !strncmp(r->chain, "DOCKER-ISOLATION-", 17) &&
	       (is(r->in, bridge) || is(r->out, bridge));
}

static bool forbids_icc(const struct plan_rule *r, const char *bridge)
{
	return r->table == RULE_FILTER && r->verdict == RULE_DROP &&
	       !strcmp(r->chain, "FORWARD") && is(r->in, bridge) &&
	       is(r->out, bridge);
}

typedef bool rule_test(const struct plan_rule *rule, const char *bridge);

static bool has_rule(const struct plan_node *host, rule_test *test,
		     const char *bridge)
{
	for (size_t i = 0; i < host->rule_count; i++)
		if (test(&host->rules[i], bridge))
			return true;
	return false;
}

/* Whether there is another network on the host to be kept apart from */
static bool has_neighbour(const struct plan *plan, uint32_t number)
{
	for (size_t i = 0; i < plan->network_count; i++)
		if (i != number && plan->networks[i].driver == DRIVER_BRIDGE &&
		    plan->networks[i].host == plan->networks[number].host)
			return true;
	return false;
}

static void of_network(struct mutants *mutants, const struct plan *plan,
		       uint32_t number)
{
	const struct plan_network *n = &plan->networks[number];
	const struct plan_node *host;
	struct mutant m = { .at = n->at, .network = number };

	if (n->driver != DRIVER_BRIDGE || n->host == NO_NODE)
		return;
	m.node = n->host;
	host = &plan->nodes[n->host];
	m.kind = MUTANT_MASQUERADE;
	if (has_rule(host, masquerades, n->bridge))
		mutants_add(mutants, m, "network %s does not masquerade",
			    n->name);
	m.kind = MUTANT_ISOLATION;
	if (has_rule(host, separates, n->bridge) && has_neighbour(plan, number))
		mutants_add(mutants, m, "network %s is not kept apart",
			    n->name);
	m.kind = MUTANT_ICC;
	if (has_rule(host, forbids_icc, n->bridge))
		mutants_add(mutants, m, "network %s lets its containers talk",
			    n->name);
}

static void of_published(struct mutants *mutants, const struct plan *plan,
			 const struct plan_published *p)
{
	const struct mutant m = {
		.kind = MUTANT_PUBLISHED, .at = p->at, .node = p->host,
		.network = p->network, .what = p,
	};
	const char *host = plan->nodes[p->host].name;
	const char *container = plan->nodes[p->container].name;
	const char *protocol = p->protocol == IPPROTO_TCP ? "tcp" :
			       p->protocol == IPPROTO_UDP ? "udp" :
							    "sctp";
	char on[IP_TEXT_SIZE + 1] = "";

	if (p->on.family) {
		ip_format(&p->on, on);
		strcat(on, " ");
	}
	if (p->first == p->last)
		mutants_add(mutants, m, "%s does not publish %s%u/%s of %s",
			    host, on, p->first, protocol, container);
	else
		mutants_add(mutants, m, "%s does not publish %s%u-%u/%s of %s",
			    host, on, p->first, p->last, protocol, container);
}

static bool is_known(const struct plan *plan,
		     const struct plan_endpoint *endpoint)
{
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; plan->nodes[n].made &&
				   i < plan->nodes[n].fdb_count; i++)
			if (!memcmp(plan->nodes[n].fdb[i].mac, endpoint->mac,
				    sizeof(endpoint->mac)))
				return true;
	return false;
}

static void of_endpoint(struct mutants *mutants, const struct plan *plan,
			const struct plan_endpoint *e)
{
	if (plan->networks[e->network].driver == DRIVER_OVERLAY &&
	    is_known(plan, e))
		mutants_add(mutants, (struct mutant){
			.kind = MUTANT_PEER, .at = e->at, .node = e->node,
			.network = e->network, .what = e,
		}, "other hosts of network %s don't know %s",
			plan->networks[e->network].name,
			plan->nodes[e->node].name);
}

void mutants_of_networks(struct mutants *mutants, const struct plan *plan)
{
	for (size_t i = 0; i < plan->network_count; i++)
		of_network(mutants, plan, (uint32_t)i);
	for (size_t i = 0; i < plan->published_count; i++)
		of_published(mutants, plan, &plan->published[i]);
	for (size_t i = 0; i < plan->endpoint_count; i++)
		of_endpoint(mutants, plan, &plan->endpoints[i]);
}

static bool same_ports(const struct plan_published *a,
		       const struct plan_published *b)
{
	return a->host == b->host && a->protocol == b->protocol &&
	       a->first == b->first && a->last == b->last &&
	       a->on.family == b->on.family && ip_equal(&a->on, &b->on) &&
	       a->container == b->container;
}

static bool has_address(const struct rule_prefix *prefix,
			const struct lc_ip *ip)
{
	return prefix->ip.family && ip_equal(&prefix->ip, ip);
}

/* What lets a port of a container through is there once, however many ports of
 * the host lead to it */
static bool is_shared(const struct plan *plan, const struct plan_published *p)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->published_count; i++) {
		const struct plan_published *other = &plan->published[i];

		count += other->container == p->container &&
			 other->protocol == p->protocol &&
			 other->to_first == p->to_first &&
			 other->to_last == p->to_last;
	}
	return count > 1;
}

/* Those of the same place in the file, and for the same container */
static bool is_rule_of(const struct plan *plan, const struct plan_rule *r,
		       const struct plan_published *p)
{
	if (r->at.line != p->at.line || r->at.column != p->at.column ||
	    r->protocol != p->protocol)
		return false;
	if (r->verdict == RULE_DNAT)
		return r->first == p->first && r->to.family &&
		       ip_equal(&r->to, &p->to);
	return r->first == p->to_first &&
	       has_address(&r->destination, &p->to) && !is_shared(plan, p);
}

static void unpublish(struct plan *plan, size_t number)
{
	const struct plan_published p = plan->published[number];
	struct plan_node *host = &plan->nodes[p.host];

	KEEP_IF(host->rules, host->rule_count,
		!is_rule_of(plan, &host->rules[i], &p));
	KEEP_IF(plan->published, plan->published_count, i != number);
}

void mutant_unpublish(struct plan *plan, uint32_t host,
		      const struct lc_ip *on)
{
	for (size_t i = plan->published_count; i-- > 0;)
		if (plan->published[i].host == host &&
		    plan->published[i].on.family &&
		    ip_equal(&plan->published[i].on, on))
			unpublish(plan, i);
}

/* Nobody on another host has its MAC address, nor where it lives */
static void forget_peer(struct plan *plan, const struct plan_endpoint *e)
{
	for (size_t n = 0; n < plan->node_count; n++) {
		struct plan_node *node = &plan->nodes[n];

		if (!node->made)
			continue;
		KEEP_IF(node->fdb, node->fdb_count,
			memcmp(node->fdb[i].mac, e->mac, sizeof(e->mac)));
		KEEP_IF(node->neighbors, node->neighbor_count,
			memcmp(node->neighbors[i].mac, e->mac,
			       sizeof(e->mac)));
	}
}

void mutant_network_apply(struct plan *plan, const struct mutant *m)
{
	const char *bridge = plan->networks[m->network].bridge;
	struct plan_node *host = &plan->nodes[m->node];

	if (m->kind == MUTANT_MASQUERADE)
		KEEP_IF(host->rules, host->rule_count,
			!masquerades(&host->rules[i], bridge));
	else if (m->kind == MUTANT_ISOLATION)
		KEEP_IF(host->rules, host->rule_count,
			!separates(&host->rules[i], bridge));
	else if (m->kind == MUTANT_PEER)
		forget_peer(plan, m->what);
	for (size_t i = 0; m->kind == MUTANT_ICC && i < host->rule_count; i++)
		if (forbids_icc(&host->rules[i], bridge))
			host->rules[i].verdict = RULE_ACCEPT;
	for (size_t i = plan->published_count;
	     m->kind == MUTANT_PUBLISHED && i-- > 0;)
		if (same_ports(&plan->published[i], m->what))
			unpublish(plan, i);
}
