// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_firewall.c - a host of Docker's without one of its rules
 *
 * Each rule is one mutant by itself, and so is a policy that drops, but for
 * those that belong to what a user has a name for (mutant_network.c,
 * mutant_published.c) and those that can't matter in this lab.  A rule is idle
 *
 * - if it returns from the end of its chain, or jumps to one without rules: so
 *   with all about DOCKER-USER;
 * - if it accepts what nothing behind it drops, the policy being to accept; or
 *   drops what nothing behind it accepts;
 * - if it is about whom there is not: the outside, a published port, somebody
 *   outside who would come by this host at all;
 * - if it is about packets within a bridge, where the file does not require
 *   br_netfilter: then they may not meet any rule.
 */
#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "arena.h"
#include "mutant_kinds.h"
#include "rule_text.h"

/**
 * struct firewall_of - A host's rules, and what they are about
 * @rule:	The one in question
 * @network:	Whose bridge it names; NO_NETWORK: none
 * @outside:	There is something beyond the host's own bridges
 * @drops:	FORWARD's policy
 */
struct firewall_of {
	const struct plan *plan;
	const struct plan_node *host;
	const struct plan_rule *rule;
	uint32_t network;
	bool outside, drops;
};

static bool is(const char *name, const char *other)
{
	return name && other && !strcmp(name, other);
}

static bool publishes(const struct firewall_of *f, uint32_t network, bool other)
{
	for (size_t i = 0; i < f->plan->published_count; i++) {
		const struct plan_published *p = &f->plan->published[i];

		if (p->host == f->host->number && p->on.family != AF_INET6 &&
		    (network == NO_NETWORK ||
		     (p->network == network) == !other))
			return true;
	}
	return false;
}

static bool requires(const struct plan *plan, const char *word)
{
	const struct lc_list *list = &plan->scenario->requires;

	for (uint32_t i = 0; i < list->count; i++)
		if (!strcmp(list->texts[i], word))
			return true;
	return false;
}

/* Behind what is accepted from Docker 28 on, all the rest is dropped */
static bool drops_rest(const struct firewall_of *f)
{
	for (size_t i = 0; i < f->host->rule_count; i++) {
		const struct plan_rule *r = &f->host->rules[i];

		if (r->table == RULE_FILTER && r->verdict == RULE_DROP &&
		    is(r->chain, "DOCKER"))
			return true;
	}
	return false;
}

/* Whether somebody outside would come to a container of a network by the host,
 * with @to one of that address alone.  What is internal drops it before */
static bool is_way_in(const struct firewall_of *f, uint32_t network,
		      const struct lc_ip *to)
{
	for (size_t i = 0; i < f->plan->endpoint_count; i++) {
		const struct plan_endpoint *e = &f->plan->endpoints[i];

		if (e->host == f->host->number && e->ip.family == AF_INET &&
		    (network == NO_NETWORK || e->network == network) &&
		    (!to || ip_equal(&e->ip, to)) &&
		    !f->plan->networks[e->network].internal &&
		    host_is_way_to(f->plan, e->host, &e->ip))
			return true;
	}
	return false;
}

/* The three of FORWARD that a network brings */
static bool forward_matters(const struct firewall_of *f)
{
	const struct plan_rule *r = f->rule;

	if (!network_size(f->plan, f->network))
		return false;
	if (r->verdict == RULE_JUMP)
		return (f->outside && publishes(f, f->network, false) &&
			f->drops) || (drops_rest(f) && !f->drops);
	if (!f->drops && !drops_rest(f))
		return false;
	if (is(r->in, r->out) && !r->out_not)
		return f->drops && network_size(f->plan, f->network) > 1 &&
		       requires(f->plan, "br_netfilter");
	return f->outside;
}

/* A published port lets in whom it is translated for, and who knows the way */
static bool docker_matters(const struct firewall_of *f)
{
	if (f->rule->verdict == RULE_ACCEPT)
		return f->outside && (f->drops || drops_rest(f));
	return !f->drops && is_way_in(f, f->network, NULL);
}

static bool is_published_at(const struct firewall_of *f, const struct lc_ip *ip)
{
	for (size_t i = 0; i < f->plan->published_count; i++)
		if (ip_equal(&f->plan->published[i].to, ip))
			return true;
	return false;
}

/* Who may not come to a container's own address is dropped later on, too, but
 * at ports that are published */
static bool raw_matters(const struct firewall_of *f)
{
	const struct lc_ip *to = &f->rule->destination.ip;

	return is_way_in(f, NO_NETWORK, to) && is_published_at(f, to);
}

static bool is_loopback(const struct rule_prefix *prefix)
{
	return prefix->ip.family && !prefix->is_not &&
	       ip_is_loopback(&prefix->ip);
}

/* With a proxy, containers of the bridge are left to it (@in_not) */
static bool has_proxy(const struct firewall_of *f)
{
	for (size_t i = 0; i < f->plan->published_count; i++)
		if (f->plan->published[i].host == f->host->number &&
		    f->plan->published[i].proxy)
			return true;
	return false;
}

static bool nat_matters(const struct firewall_of *f)
{
	const struct plan_rule *r = f->rule;

	if (!publishes(f, NO_NETWORK, false))
		return false;
	switch (r->verdict) {
	case RULE_JUMP:
		return is(r->chain, "OUTPUT") || f->outside || !has_proxy(f);
	case RULE_RETURN:
		return network_size(f->plan, f->network) &&
		       publishes(f, f->network, true);
	case RULE_DNAT:
		/* Without a proxy it is all that a port is */
		return has_proxy(f) && !is_loopback(&r->destination);
	case RULE_MASQUERADE:
		return !has_proxy(f) &&
		       (!r->from_local || publishes(f, f->network, false));
	case RULE_ACCEPT:
	case RULE_DROP:
	case RULE_SNAT:
		break;
	}
	return true;
}

/* Masquerading and what keeps networks apart have mutants of their own */
static bool is_networks(const struct plan_rule *r)
{
	if (r->table == RULE_NAT)
		return r->verdict == RULE_MASQUERADE && r->out_not;
	return r->table == RULE_FILTER &&
	       (!strncmp(r->chain, "DOCKER-ISOLATION-", 17) ||
		(is(r->chain, "FORWARD") && r->verdict == RULE_DROP));
}

static bool keeps_apart(const struct firewall_of *f)
{
	size_t count = 0;

	for (uint32_t i = 0; i < f->plan->network_count; i++)
		count += f->plan->networks[i].driver == DRIVER_BRIDGE &&
			 f->plan->networks[i].host == f->host->number &&
			 network_size(f->plan, i);
	return count > 1;
}

static bool matters(const struct firewall_of *f)
{
	const struct plan_rule *r = f->rule;

	if (is_networks(r))
		return false;
	if (r->table == RULE_RAW)
		return raw_matters(f);
	if (r->table == RULE_NAT)
		return nat_matters(f);
	if (is(r->chain, "DOCKER"))
		return docker_matters(f);
	if (f->network != NO_NETWORK)
		return forward_matters(f);
	return is(r->jump, "DOCKER-ISOLATION-STAGE-1") && keeps_apart(f);
}

static uint32_t network_of(const struct firewall_of *f)
{
	for (uint32_t i = 0; i < f->plan->network_count; i++) {
		const struct plan_network *n = &f->plan->networks[i];

		if (n->host == f->host->number &&
		    (is(f->rule->in, n->bridge) || is(f->rule->out, n->bridge)))
			return i;
	}
	return NO_NETWORK;
}

static void apply_no_rule(struct plan *plan, const struct mutant *m)
{
	struct plan_node *host = &plan->nodes[m->node];
	char text[512];

	KEEP_IF(host->rules, host->rule_count,
		strcmp(rule_text(&host->rules[i], text, sizeof(text)),
		       m->text) != 0);
}

static void add_rule(struct mutants *mutants, struct firewall_of *f)
{
	char text[512];

	f->network = network_of(f);
	if (!f->rule->at.line || !matters(f))
		return;
	rule_text(f->rule, text, sizeof(text));
	mutants_add(mutants, (struct mutant){
		.apply = apply_no_rule, .at = f->rule->at,
		.node = f->host->number,
		.text = arena_strdup(mutants->arena, text),
	}, "%s lacks the rule '%s'", f->host->name, text);
}

static void apply_policy(struct plan *plan, const struct mutant *m)
{
	struct plan_node *host = &plan->nodes[m->node];

	for (size_t i = 0; i < host->chain_count; i++)
		if (host->chains[i].policy == RULE_DROP)
			host->chains[i].policy = RULE_ACCEPT;
}

static void add_policy(struct mutants *mutants, const struct firewall_of *f)
{
	if (f->drops && !drops_rest(f) && is_way_in(f, NO_NETWORK, NULL))
		mutants_add(mutants, (struct mutant){
			.apply = apply_policy, .at = f->host->at,
			.node = f->host->number,
		}, "%s lacks the rule 'iptables -P FORWARD DROP'",
			f->host->name);
}

static bool has_policy(const struct plan_node *host)
{
	for (size_t i = 0; i < host->chain_count; i++)
		if (host->chains[i].policy == RULE_DROP)
			return true;
	return false;
}

void mutants_of_firewalls(struct mutants *mutants, const struct plan *plan)
{
	for (size_t n = 0; n < plan->node_count; n++) {
		const struct plan_node *host = &plan->nodes[n];
		struct firewall_of f = {
			.plan = plan, .host = host,
			.outside = host_has_outside(host),
			.drops = has_policy(host),
		};

		for (size_t i = 0; i < host->rule_count; i++) {
			f.rule = &host->rules[i];
			add_rule(mutants, &f);
		}
		add_policy(mutants, &f);
	}
}
