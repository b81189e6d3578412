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
#include <labcheck/check.h>

#include "firewall.h"

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

void firewall_chain(struct firewall *f, const struct plan_chain *chain)
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
		firewall_chain(f, &chain);
	}
}

void firewall_rule(struct firewall *f, struct plan_rule rule)
{
	struct plan_node *host = f->host;

	host->rules = arena_grow(f->networks->e->arena, host->rules,
				 host->rule_count, sizeof(*host->rules));
	host->rules[host->rule_count++] = rule;
}

static void jump_add(struct firewall *f, const char *chain, const char *to)
{
	firewall_rule(f, (struct plan_rule){
		.at = f->host->at, .table = RULE_FILTER, .chain = chain,
		.verdict = RULE_JUMP, .jump = to,
	});
}

static void return_add(struct firewall *f, const char *chain)
{
	firewall_rule(f, (struct plan_rule){
		.at = f->host->at, .table = RULE_FILTER, .chain = chain,
		.verdict = RULE_RETURN,
	});
}

bool firewall_has(const struct firewall *f, const struct network *n)
{
	return n->host == f->host->number && n->driver == DRIVER_BRIDGE &&
	       network_pool(n, AF_INET);
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
		firewall_rule(f, rule);
		rule.established = false;
		rule.verdict = RULE_JUMP;
		rule.jump = "DOCKER";
		firewall_rule(f, rule);
		rule.verdict = RULE_ACCEPT;
		rule.jump = NULL;
		rule.in = n->bridge;
		rule.out_not = true;
		firewall_rule(f, rule);
	}
	rule.in = rule.out = n->bridge;
	rule.out_not = false;
	if (n->icc)
		firewall_rule(f, rule);
}

static void no_icc(struct firewall *f, const struct network *n)
{
	if (!n->icc)
		firewall_rule(f, (struct plan_rule){
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
		firewall_rule(f, rule);
		return;
	}
	rule.source = subnet_of(n, true);
	rule.out = n->bridge;
	firewall_rule(f, rule);
	rule.source.ip.family = 0;
	rule.destination = subnet_of(n, true);
	rule.out = NULL;
	rule.in = n->bridge;
	firewall_rule(f, rule);
}

static void isolation_2(struct firewall *f, const struct network *n)
{
	if (!n->internal)
		firewall_rule(f, (struct plan_rule){
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
		firewall_rule(f, rule);
		rule.from_local = false;
	}
	if (n->masquerade) {
		rule.source = subnet_of(n, false);
		rule.out_not = true;
		firewall_rule(f, rule);
	}
}

/* Containers do not meet the rules of published ports: the proxy has them */
static void spare_bridge(struct firewall *f, const struct network *n)
{
	if (!n->internal && n->masquerade && f->docker.userland_proxy)
		firewall_rule(f, (struct plan_rule){
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

	firewall_rule(f, rule);
	rule.chain = "OUTPUT";
	if (f->docker.userland_proxy) {
		rule.destination.ip.family = AF_INET;
		rule.destination.ip.bytes[0] = 127;
		rule.destination.length = 8;
		rule.destination.is_not = true;
	}
	firewall_rule(f, rule);
}

/* Since 28, what no published port let in is dropped whatever the policy is */
static void no_more(struct firewall *f, const struct network *n)
{
	if (!n->internal)
		firewall_rule(f, (struct plan_rule){
			.at = n->at, .table = RULE_FILTER, .chain = "DOCKER",
			.in = n->bridge, .in_not = true, .out = n->bridge,
			.verdict = RULE_DROP,
		});
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
			if (firewall_has(f, &networks->items[i]) &&
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
			if (firewall_has(f, &networks->items[i]) &&
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
	firewall_accept_ports(f);
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
		firewall_hairpin_ports(f);
	newest_first(f, spare_bridge);
	firewall_translate_ports(f);
	if (f->docker.version >= DOCKER_NEW)
		firewall_no_access(f);
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
		f.known = keys_new(e->scratch);
		host_rules(&f);
	}
}
