// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_published.c - published ports that are closed, or lead elsewhere
 *
 * A port is up to three rules and a program, and all of it goes, or leads
 * elsewhere, together.  The program alone may be missing as well; the rules alone
 * are in mutant_firewall.c.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "mutant_kinds.h"

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

static bool is_at(const struct plan_rule *r, const struct plan_published *p)
{
	return r->at.line == p->at.line && r->at.column == p->at.column &&
	       r->protocol == p->protocol;
}

static bool translates(const struct plan_rule *r,
		       const struct plan_published *p)
{
	return is_at(r, p) && r->verdict == RULE_DNAT &&
	       r->first == p->first && r->to.family &&
	       ip_equal(&r->to, &p->to);
}

/* For the container's port: the rule that accepts, and that for itself */
static bool lets_through(const struct plan_rule *r,
			 const struct plan_published *p)
{
	return is_at(r, p) && r->verdict != RULE_DNAT &&
	       r->first == p->to_first && has_address(&r->destination, &p->to);
}

static void unpublish(struct plan *plan, size_t number)
{
	const struct plan_published p = plan->published[number];
	struct plan_node *host = &plan->nodes[p.host];
	const bool shared = is_shared(plan, &p);

	KEEP_IF(host->rules, host->rule_count,
		!translates(&host->rules[i], &p) &&
			(shared || !lets_through(&host->rules[i], &p)));
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

static void apply_closed(struct plan *plan, const struct mutant *m)
{
	for (size_t i = plan->published_count; i-- > 0;)
		if (same_ports(&plan->published[i], m->what))
			unpublish(plan, i);
}

static void apply_no_proxy(struct plan *plan, const struct mutant *m)
{
	for (size_t i = 0; i < plan->published_count; i++)
		if (same_ports(&plan->published[i], m->what))
			plan->published[i].proxy = false;
}

/* At every address of the host, which then has IPv4 and IPv6 alike */
static void apply_everywhere(struct plan *plan, const struct mutant *m)
{
	const struct plan_published *what = m->what;
	struct plan_node *host = &plan->nodes[m->node];

	for (size_t i = 0; i < host->rule_count; i++)
		if (translates(&host->rules[i], what) &&
		    has_address(&host->rules[i].destination, &what->on))
			host->rules[i].destination.ip.family = 0;
	for (size_t i = 0; i < plan->published_count; i++)
		if (same_ports(&plan->published[i], what))
			plan->published[i].on = (struct lc_ip){ 0 };
}

/* To another port, or the same of another container.  A rule that is shared
 * stays for the others, and what leads elsewhere gets one of its own */
static void apply_elsewhere(struct plan *plan, const struct mutant *m)
{
	const struct plan_published *what = m->what;
	struct plan_node *host = &plan->nodes[m->node];
	const uint16_t wide = what->to_last - what->to_first;

	for (size_t i = 0; i < host->rule_count; i++) {
		struct plan_rule *r = &host->rules[i];

		if (translates(r, what)) {
			r->to = m->ip;
			r->to_first = (uint16_t)m->number;
			r->to_last = (uint16_t)(m->number + wide);
		} else if (lets_through(r, what) && !is_shared(plan, what)) {
			r->destination.ip = m->ip;
			r->first = (uint16_t)m->number;
			r->last = (uint16_t)(m->number + wide);
			if (r->source.ip.family)
				r->source.ip = m->ip;
		}
	}
	for (size_t i = 0; i < plan->published_count; i++) {
		struct plan_published *p = &plan->published[i];

		if (!same_ports(p, what))
			continue;
		p->to = m->ip;
		p->to_first = (uint16_t)m->number;
		p->to_last = (uint16_t)(m->number + wide);
	}
}

/**
 * struct adder - What the mutants of one port have in common
 * @words:	The port: "host", "127.0.0.1 8080/tcp"
 */
struct adder {
	struct mutants *mutants;
	const struct plan *plan;
	const struct plan_published *p;
	const char *host, *container;
	char words[96];
};

static struct mutant begin(const struct adder *a, mutant_apply *apply)
{
	return (struct mutant){
		.apply = apply, .at = a->p->at, .node = a->p->host,
		.what = a->p, .ip = a->p->to, .number = a->p->to_first,
	};
}

static void port_words(struct adder *a)
{
	const struct plan_published *p = a->p;
	const char *protocol = p->protocol == IPPROTO_TCP ? "tcp" :
			       p->protocol == IPPROTO_UDP ? "udp" :
							    "sctp";
	char on[IP_TEXT_SIZE + 1] = "", last[8] = "";

	if (p->on.family) {
		ip_format(&p->on, on);
		strcat(on, " ");
	}
	if (p->first != p->last)
		snprintf(last, sizeof(last), "-%u", p->last);
	snprintf(a->words, sizeof(a->words), "%s%u%s/%s", on, p->first, last,
		 protocol);
}

static const struct plan_endpoint *sibling(const struct adder *a)
{
	for (size_t i = 0; i < a->plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &a->plan->endpoints[i];

		if (e->network == a->p->network &&
		    e->node != a->p->container &&
		    e->ip.family == a->p->to.family && e->ip.family)
			return e;
	}
	return NULL;
}

static void add_elsewhere(const struct adder *a)
{
	const struct plan_endpoint *other = sibling(a);
	struct mutant m = begin(a, apply_elsewhere);

	m.number += a->p->to_last < UINT16_MAX ? 1 : -1;
	mutants_add(a->mutants, m, "%s's %s leads to port %u of %s", a->host,
		    a->words, m.number, a->container);
	m = begin(a, apply_elsewhere);
	if (!other)
		return;
	m.ip = other->ip;
	mutants_add(a->mutants, m, "%s's %s leads to %s, not %s", a->host,
		    a->words, a->plan->nodes[other->node].name, a->container);
}

static void add(struct adder *a)
{
	port_words(a);
	mutants_add(a->mutants, begin(a, apply_closed),
		    "%s does not publish %s of %s", a->host, a->words,
		    a->container);
	add_elsewhere(a);
	if (a->p->on.family && !ip_is_any(&a->p->on))
		mutants_add(a->mutants, begin(a, apply_everywhere),
			    "%s's %s is open at every address", a->host,
			    a->words);
	if (a->p->proxy)
		mutants_add(a->mutants, begin(a, apply_no_proxy),
			    "%s has no proxy for %s", a->host, a->words);
}

void mutants_of_published(struct mutants *mutants, const struct plan *plan)
{
	for (size_t i = 0; i < plan->published_count; i++) {
		const struct plan_published *p = &plan->published[i];
		struct adder a = {
			mutants, plan, p, plan->nodes[p->host].name,
			plan->nodes[p->container].name, "",
		};

		add(&a);
	}
}
