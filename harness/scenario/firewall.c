// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * firewall.c - the rules that Docker leaves on a host
 *
 * Docker puts most rules at the head of their chain, so what came last stands
 * first; what is about one port, and what forbids containers of one bridge to
 * talk, it appends.  Here all of it is written down at once, in the order that
 * is found on a host after the last `docker network create`.  The order is
 * what isolates: DOCKER-USER before all else, then what keeps networks apart,
 * and only then what lets answers through.
 *
 * Nothing is rejected: what no rule accepts meets the policy of FORWARD, DROP,
 * and is gone without a word.  Docker sets that policy only if it was Docker
 * that turned on forwarding.
 *
 * Bridged packets come by here as well (bridge-nf-call-iptables), which is why
 * a bridge is let through to itself.
 */
#include <string.h>

#include <labcheck/check.h>

#include "docker.h"
#include "network.h"

/** struct firewall - The rules of one host while they are written */
struct firewall {
	const struct networks *networks;
	struct plan_node *host;
	struct docker docker;
	struct keys *known;		/* rules of ports that are there */
};

/** struct rule_key - What tells rules of ports of one chain apart */
struct rule_key {
	uint32_t table;
	uint16_t protocol, first, last, nothing;
	struct in_addr to;
};

static const char user[] = "DOCKER-USER";
static const char stage_1[] = "DOCKER-ISOLATION-STAGE-1";
static const char stage_2[] = "DOCKER-ISOLATION-STAGE-2";

static const struct plan_chain built_in[] = {
	{ RULE_FILTER, "INPUT", RULE_ACCEPT },
	{ RULE_FILTER, "FORWARD", RULE_DROP },
	{ RULE_FILTER, "OUTPUT", RULE_ACCEPT },
	{ RULE_FILTER, "DOCKER", -1 },
	{ RULE_FILTER, stage_1, -1 },
	{ RULE_FILTER, stage_2, -1 },
	{ RULE_FILTER, user, -1 },
	{ RULE_NAT, "PREROUTING", RULE_ACCEPT },
	{ RULE_NAT, "INPUT", RULE_ACCEPT },
	{ RULE_NAT, "OUTPUT", RULE_ACCEPT },
	{ RULE_NAT, "POSTROUTING", RULE_ACCEPT },
	{ RULE_NAT, "DOCKER", -1 },
};

static void chain_add(struct firewall *f, const struct plan_chain *chain)
{
	struct plan_node *host = f->host;

	host->chains = arena_grow(f->networks->e->arena, host->chains,
				  host->chain_count, sizeof(*host->chains));
	host->chains[host->chain_count++] = *chain;
}

static void chains(struct firewall *f)
{
	struct plan_chain chain;
	size_t i;

	for (i = 0; i < sizeof(built_in) / sizeof(*built_in); i++) {
		chain = built_in[i];
		if (chain.policy == RULE_DROP && f->docker.ip_forward_before)
			chain.policy = RULE_ACCEPT;
		chain_add(f, &chain);
	}
}

static void rule_add(struct firewall *f, struct plan_rule rule)
{
	struct plan_node *host = f->host;

	host->rules = arena_grow(f->networks->e->arena, host->rules,
				 host->rule_count, sizeof(*host->rules));
	host->rules[host->rule_count++] = rule;
}

static void jump_add(struct firewall *f, const char *chain, const char *to)
{
	rule_add(f, (struct plan_rule){
		.at = f->host->at, .table = RULE_FILTER, .chain = chain,
		.verdict = RULE_JUMP, .jump = to,
	});
}

static void return_add(struct firewall *f, const char *chain)
{
	rule_add(f, (struct plan_rule){
		.at = f->host->at, .table = RULE_FILTER, .chain = chain,
		.verdict = RULE_RETURN,
	});
}

static struct rule_prefix subnet_of(const struct network *n, bool is_not)
{
	const struct pool *pool = network_pool(n, AF_INET);

	return (struct rule_prefix){
		.ip = pool->subnet, .length = pool->length, .is_not = is_not,
	};
}

static void forward(struct firewall *f, const struct network *n)
{
	struct plan_rule rule = {
		.at = n->at, .table = RULE_FILTER, .chain = "FORWARD",
		.verdict = RULE_ACCEPT,
	};

	if (!n->internal) {
		rule.out = n->bridge;
		rule.established = true;
		rule_add(f, rule);
		rule.established = false;
		rule.verdict = RULE_JUMP;
		rule.jump = "DOCKER";
		rule_add(f, rule);
		rule.verdict = RULE_ACCEPT;
		rule.jump = NULL;
		rule.in = n->bridge;
		rule.out_not = true;
		rule_add(f, rule);
	}
	rule.in = rule.out = n->bridge;
	rule.out_not = false;
	if (n->icc)
		rule_add(f, rule);
}

static void no_icc(struct firewall *f, const struct network *n)
{
	if (!n->icc)
		rule_add(f, (struct plan_rule){
			.at = n->at, .table = RULE_FILTER, .chain = "FORWARD",
			.in = n->bridge, .out = n->bridge,
			.verdict = RULE_DROP,
		});
}

static void isolation_1(struct firewall *f, const struct network *n)
{
	struct plan_rule rule = {
		.at = n->at, .table = RULE_FILTER, .chain = stage_1,
		.verdict = RULE_DROP,
	};

	if (!n->internal) {
		rule.in = rule.out = n->bridge;
		rule.out_not = true;
		rule.verdict = RULE_JUMP;
		rule.jump = stage_2;
		rule_add(f, rule);
		return;
	}
	rule.source = subnet_of(n, true);
	rule.out = n->bridge;
	rule_add(f, rule);
	rule.source.ip.family = 0;
	rule.destination = subnet_of(n, true);
	rule.out = NULL;
	rule.in = n->bridge;
	rule_add(f, rule);
}

static void isolation_2(struct firewall *f, const struct network *n)
{
	if (!n->internal)
		rule_add(f, (struct plan_rule){
			.at = n->at, .table = RULE_FILTER, .chain = stage_2,
			.out = n->bridge, .verdict = RULE_DROP,
		});
}

static void postrouting(struct firewall *f, const struct network *n)
{
	struct plan_rule rule = {
		.at = n->at, .table = RULE_NAT, .chain = "POSTROUTING",
		.out = n->bridge, .verdict = RULE_MASQUERADE,
	};

	if (n->internal)
		return;
	if (!f->docker.userland_proxy) {
		rule.from_local = true;
		rule_add(f, rule);
		rule.from_local = false;
	}
	if (n->masquerade) {
		rule.source = subnet_of(n, false);
		rule.out_not = true;
		rule_add(f, rule);
	}
}

/* Containers do not meet the rules of published ports: the proxy has them */
static void spare_bridge(struct firewall *f, const struct network *n)
{
	if (!n->internal && n->masquerade && f->docker.userland_proxy)
		rule_add(f, (struct plan_rule){
			.at = n->at, .table = RULE_NAT, .chain = "DOCKER",
			.in = n->bridge, .verdict = RULE_RETURN,
		});
}

static void to_published(struct firewall *f)
{
	struct plan_rule rule = {
		.at = f->host->at, .table = RULE_NAT, .chain = "PREROUTING",
		.to_local = true, .verdict = RULE_JUMP, .jump = "DOCKER",
	};

	rule_add(f, rule);
	rule.chain = "OUTPUT";
	if (f->docker.userland_proxy) {
		rule.destination.ip.family = AF_INET;
		rule.destination.ip.bytes[0] = 127;
		rule.destination.length = 8;
		rule.destination.is_not = true;
	}
	rule_add(f, rule);
}

static bool has_rules(const struct firewall *f, const struct network *n)
{
	return n->host == f->host->number && n->driver == DRIVER_BRIDGE &&
	       network_pool(n, AF_INET);
}

/* Docker appends a rule only if there is none like it */
static void rule_add_once(struct firewall *f, struct plan_rule rule)
{
	const struct rule_key key = {
		.table = rule.table, .protocol = rule.protocol,
		.first = rule.first, .last = rule.last,
		.to = rule.destination.ip.v4,
	};

	if (keys_add(f->known, 0, &key, sizeof(key), 0))
		rule_add(f, rule);
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
	rule_add(f, rule);
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

/* Since 28, what no published port let in is dropped whatever the policy is */
static void no_more(struct firewall *f, const struct network *n)
{
	if (!n->internal)
		rule_add(f, (struct plan_rule){
			.at = n->at, .table = RULE_FILTER, .chain = "DOCKER",
			.in = n->bridge, .in_not = true, .out = n->bridge,
			.verdict = RULE_DROP,
		});
}

/* And so is what comes from elsewhere and has a container's own address: this
 * table sees it before any address is translated */
static void no_direct_access(struct firewall *f)
{
	const struct plan *plan = f->networks->e->plan;
	const struct plan_chain chain = { RULE_RAW, "PREROUTING", RULE_ACCEPT };
	const struct plan_endpoint *endpoint;
	const struct network *network;
	size_t i;

	chain_add(f, &chain);
	for (i = 0; i < plan->endpoint_count; i++) {
		endpoint = &plan->endpoints[i];
		network = &f->networks->items[endpoint->network];
		if (network->internal || !has_rules(f, network) ||
		    endpoint->ip.family != AF_INET)
			continue;
		rule_add(f, (struct plan_rule){
			.at = endpoint->at, .table = RULE_RAW,
			.chain = "PREROUTING",
			.destination = address(&endpoint->ip),
			.in = network->bridge, .in_not = true,
			.verdict = RULE_DROP,
		});
	}
}

/* `bridge` is as old as the daemon, whatever the file's order */
typedef void network_rules(struct firewall *f, const struct network *n);

static void oldest_first(struct firewall *f, network_rules *write)
{
	const struct networks *networks = f->networks;
	uint32_t i;
	int own;

	for (own = 0; own < 2; own++)
		for (i = 0; i < networks->count; i++)
			if (has_rules(f, &networks->items[i]) &&
			    network_is_bridge(&networks->items[i]) == !own)
				write(f, &networks->items[i]);
}

static void newest_first(struct firewall *f, network_rules *write)
{
	const struct networks *networks = f->networks;
	uint32_t i;
	int own;

	for (own = 2; own-- > 0;)
		for (i = networks->count; i-- > 0;)
			if (has_rules(f, &networks->items[i]) &&
			    network_is_bridge(&networks->items[i]) == !own)
				write(f, &networks->items[i]);
}

static void host_rules(struct firewall *f)
{
	chains(f);
	jump_add(f, "FORWARD", user);
	jump_add(f, "FORWARD", stage_1);
	newest_first(f, forward);
	oldest_first(f, no_icc);
	ports(f, port_accept);
	if (f->docker.version >= DOCKER_NEW)
		oldest_first(f, no_more);
	newest_first(f, isolation_1);
	return_add(f, stage_1);
	newest_first(f, isolation_2);
	return_add(f, stage_2);
	return_add(f, user);
	to_published(f);
	newest_first(f, postrouting);
	if (f->docker.version < DOCKER_NEW || !f->docker.userland_proxy)
		ports(f, port_hairpin);
	newest_first(f, spare_bridge);
	ports(f, port_translate);
	if (f->docker.version >= DOCKER_NEW)
		no_direct_access(f);
}

void firewall_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	struct firewall f = { .networks = networks };
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++) {
		if (!e->made[n].docker)
			continue;
		f.host = &e->plan->nodes[n];
		f.docker = docker_of(e, n);
		f.known = keys_new(e->arena);
		host_rules(&f);
	}
}
