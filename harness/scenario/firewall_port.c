// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * firewall_port.c - the rules of published ports, and of containers
 *
 * A port, or a range of them, is three rules: one that translates what comes to
 * the host, one that lets it through, and one for the container that calls
 * itself by its host.  Whoever knows the container's own address gets past the
 * second as well, from elsewhere too, until Docker 28 forbids it.
 */
#include <labcheck/check.h>

#include "firewall.h"

/** struct rule_key - What tells rules of ports of one chain apart */
struct rule_key {
	uint32_t table;
	uint16_t protocol, first, last, nothing;
	struct in_addr to;
};

/* Docker appends a rule only if there is none like it */
static void rule_add_once(struct firewall *f, struct plan_rule rule)
{
	const struct rule_key key = {
		.table = rule.table, .protocol = rule.protocol,
		.first = rule.first, .last = rule.last,
		.to = rule.destination.ip.v4,
	};

	if (keys_add(f->known, 0, &key, sizeof(key), 0))
		firewall_rule(f, rule);
}

static struct rule_prefix address(const struct lc_ip *ip)
{
	return (struct rule_prefix){
		.ip = *ip, .length = (uint8_t)ip_bits(ip->family),
	};
}

/* The host's ports become the container's.  The same range needs no numbers,
 * since a translation without them leaves ports alone */
static void port_translate(struct firewall *f, const struct plan_published *p,
			   const char *bridge)
{
	struct plan_rule rule = {
		.at = p->at, .table = RULE_NAT, .chain = "DOCKER",
		.protocol = p->protocol, .first = p->first, .last = p->last,
		.verdict = RULE_DNAT, .to = p->to,
	};

	if (p->first == p->last || p->first != p->to_first) {
		rule.to_first = p->to_first;
		rule.to_last = p->to_last;
	}
	if (p->on.family && !ip_is_any(&p->on))
		rule.destination = address(&p->on);
	if (f->docker.userland_proxy) {
		rule.in = bridge;
		rule.in_not = true;
	}
	firewall_rule(f, rule);
}

/* A container that calls itself by its host must not see its own address, or
 * it would answer itself directly */
static void port_hairpin(struct firewall *f, const struct plan_published *p,
			 const char *bridge)
{
	(void)bridge;
	rule_add_once(f, (struct plan_rule){
		.at = p->at, .table = RULE_NAT, .chain = "POSTROUTING",
		.source = address(&p->to), .destination = address(&p->to),
		.protocol = p->protocol,
		.first = p->to_first, .last = p->to_last,
		.verdict = RULE_MASQUERADE,
	});
}

static void port_accept(struct firewall *f, const struct plan_published *p,
			const char *bridge)
{
	rule_add_once(f, (struct plan_rule){
		.at = p->at, .table = RULE_FILTER, .chain = "DOCKER",
		.destination = address(&p->to),
		.in = bridge, .in_not = true, .out = bridge,
		.protocol = p->protocol,
		.first = p->to_first, .last = p->to_last,
		.verdict = RULE_ACCEPT,
	});
}

typedef void port_rule(struct firewall *f, const struct plan_published *p,
		       const char *bridge);

/* IPv6 has no rules: what comes at such an address is the proxy's */
static void ports(struct firewall *f, port_rule *write)
{
	const struct plan *plan = f->networks->e->plan;
	const struct plan_published *p;
	size_t i;

	for (i = 0; i < plan->published_count; i++) {
		p = &plan->published[i];
		if (p->host == f->host->number && p->on.family != AF_INET6 &&
		    p->to.family == AF_INET)
			write(f, p, f->networks->items[p->network].bridge);
	}
}

void firewall_accept_ports(struct firewall *f)
{
	ports(f, port_accept);
}

void firewall_hairpin_ports(struct firewall *f)
{
	ports(f, port_hairpin);
}

void firewall_translate_ports(struct firewall *f)
{
	ports(f, port_translate);
}

/* This table sees packets before any address is translated */
void firewall_no_access(struct firewall *f)
{
	const struct plan *plan = f->networks->e->plan;
	const struct plan_chain chain = { RULE_RAW, "PREROUTING", RULE_ACCEPT };
	const struct plan_endpoint *endpoint;
	const struct network *network;
	size_t i;

	firewall_chain(f, &chain);
	for (i = 0; i < plan->endpoint_count; i++) {
		endpoint = &plan->endpoints[i];
		network = &f->networks->items[endpoint->network];
		if (network->internal || !firewall_has(f, network) ||
		    endpoint->ip.family != AF_INET)
			continue;
		firewall_rule(f, (struct plan_rule){
			.at = endpoint->at, .table = RULE_RAW,
			.chain = "PREROUTING",
			.destination = address(&endpoint->ip),
			.in = network->bridge, .in_not = true,
			.verdict = RULE_DROP,
		});
	}
}
