/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_lists.h - lists of rules by name, for tests of netfilter
 */
#ifndef NETFILTER_LISTS_H
#define NETFILTER_LISTS_H

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/netfilter_match.h"
#include "scenario/plan.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))
#define V4(a, b, c, d)	{ .family = AF_INET, .bytes = { a, b, c, d } }

static struct plan_chain all_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_DROP },
	{ RULE_FILTER, "DOCKER", -1 },
	{ RULE_NAT, "DOCKER", -1 },
	{ RULE_NAT, "POSTROUTING", RULE_ACCEPT },
};

/* Every member of struct plan_rule, and every way to use it */
static struct plan_rule all_rules[] = {
	{ .chain = "FORWARD", .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .chain = "FORWARD", .out = "docker0", .established = true,
	  .verdict = RULE_ACCEPT },
	{ .chain = "FORWARD", .in = "docker0", .in_not = true, .out = "br-3",
	  .out_not = true, .verdict = RULE_DROP },
	{ .chain = "FORWARD", .in = "br-+", .out = "veth+", .out_not = true,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 2), 32 },
	  .destination = { V4(10, 9, 9, 9), 8 }, .in = "docker0",
	  .protocol = IPPROTO_TCP, .first = 80, .last = 80,
	  .verdict = RULE_ACCEPT },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 3), 31, true },
	  .destination = { V4(10, 16, 0, 0), 12, true },
	  .protocol = IPPROTO_UDP, .first = 80, .last = 90,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 0), 16 },
	  .destination = { V4(0, 0, 0, 0), 0 }, .protocol = IPPROTO_ICMP,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_SCTP, .first = 80,
	  .last = 81, .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_SCTP, .first_source = 9,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_TCP, .first_source = 5,
	  .first = 7, .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_TCP, .first_source = 5,
	  .first = 7, .last = 8, .to_local = true, .established = true,
	  .verdict = RULE_RETURN },
	{ .table = RULE_NAT, .chain = "PREROUTING", .to_local = true,
	  .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .table = RULE_NAT, .chain = "OUTPUT",
	  .destination = { V4(127, 0, 0, 0), 8, true }, .to_local = true,
	  .from_local = true, .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .table = RULE_NAT, .chain = "POSTROUTING",
	  .source = { V4(172, 17, 0, 0), 16 }, .out = "docker0",
	  .out_not = true, .verdict = RULE_MASQUERADE },
	{ .table = RULE_NAT, .chain = "POSTROUTING", .protocol = IPPROTO_UDP,
	  .source = { V4(127, 0, 0, 11), 32 }, .first_source = 48231,
	  .verdict = RULE_SNAT, .to_first = 53, .to_last = 53 },
	{ .table = RULE_NAT, .chain = "POSTROUTING",
	  .protocol = IPPROTO_UDP, .verdict = RULE_SNAT,
	  .to = V4(1, 2, 3, 4), .to_first = 1000, .to_last = 2000 },
	{ .table = RULE_NAT, .chain = "INPUT", .verdict = RULE_SNAT,
	  .to = V4(1, 2, 3, 4) },
	{ .table = RULE_NAT, .chain = "DOCKER", .in = "docker0",
	  .in_not = true, .protocol = IPPROTO_TCP, .first = 8080,
	  .last = 8080, .verdict = RULE_DNAT, .to = V4(172, 17, 0, 2),
	  .to_first = 80, .to_last = 80 },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to = V4(172, 17, 0, 2), .to_first = 9000, .to_last = 9010 },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to = V4(172, 17, 0, 2) },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to_first = 500, .to_last = 700 },
	{ .table = RULE_RAW, .chain = "PREROUTING",
	  .destination = { V4(172, 17, 0, 2), 32 }, .in = "docker0",
	  .in_not = true, .verdict = RULE_DROP },
};

/* Three rules in a chain of their own, A B C ... */
#define IN(letter)	{ .chain = "OWN", .in = letter, .verdict = RULE_ACCEPT }

static struct plan_chain own_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_ACCEPT },
	{ RULE_FILTER, "OWN", -1 },
};
static struct plan_rule abc[] = { IN("a"), IN("b"), IN("c") };
static struct plan_rule xaybzc[] = {
	IN("x"), IN("a"), IN("y"), IN("b"), IN("z"), IN("c"), IN("w"),
};
static struct plan_rule cab[] = { IN("c"), IN("a"), IN("b") };
static struct plan_rule c_only[] = { IN("c") };
static struct plan_rule aab[] = { IN("a"), IN("a"), IN("b") };

/* OWN is gone, another is there, and FORWARD has another policy */
static struct plan_chain other_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_DROP },
	{ RULE_NAT, "OTHER", -1 },
};
static struct plan_rule other[] = {
	{ .table = RULE_NAT, .chain = "OTHER", .verdict = RULE_RETURN },
	{ .table = RULE_NAT, .chain = "OUTPUT", .verdict = RULE_JUMP,
	  .jump = "OTHER" },
};

static struct plan_chain embedded_chains[] = {
	{ RULE_NAT, "DOCKER_OUTPUT", -1 },
};
static struct plan_rule embedded[] = {
	{ .table = RULE_NAT, .chain = "OUTPUT",
	  .destination = { V4(127, 0, 0, 11), 32 }, .verdict = RULE_JUMP,
	  .jump = "DOCKER_OUTPUT" },
	{ .table = RULE_NAT, .chain = "DOCKER_OUTPUT",
	  .destination = { V4(127, 0, 0, 11), 32 }, .protocol = IPPROTO_UDP,
	  .first = 53, .last = 53, .verdict = RULE_DNAT,
	  .to = V4(127, 0, 0, 11), .to_first = 40000, .to_last = 40000 },
};

static struct plan_rule nowhere[] = {
	{ .chain = "FORWARD", .in = "a", .verdict = RULE_JUMP,
	  .jump = "NOWHERE" },
};

enum { MANY = 1000 };
static struct plan_rule many[MANY];

#define LIST(name, chains, rules) \
	{ name, { chains, COUNT(chains), rules, COUNT(rules) } }

static const struct list {
	const char *name;
	struct netfilter_rules rules;
} lists[] = {
	LIST("all", all_chains, all_rules),
	LIST("abc", own_chains, abc),
	LIST("xaybzcw", own_chains, xaybzc),
	LIST("cab", own_chains, cab),
	LIST("c", own_chains, c_only),
	LIST("aab", own_chains, aab),
	LIST("other", other_chains, other),
	LIST("embedded", embedded_chains, embedded),
	LIST("many", own_chains, many),
	{ "nowhere", { NULL, 0, nowhere, 1 } },
	{ "none", { NULL, 0, NULL, 0 } },
};

static inline void many_init(void)
{
	for (size_t i = 0; i < MANY; i++)
		many[i] = (struct plan_rule){
			.chain = "OWN", .in = "docker0", .in_not = true,
			.source = { { .family = AF_INET,
				      .bytes = { 10, 0, i >> 8, i } }, 32 },
			.protocol = IPPROTO_TCP, .first = i + 1,
			.last = i + 1, .verdict = RULE_ACCEPT,
		};
}

static inline const struct netfilter_rules *list_find(const char *name)
{
	for (size_t i = 0; i < COUNT(lists); i++)
		if (!strcmp(lists[i].name, name))
			return &lists[i].rules;
	fprintf(stderr, "no list %s\n", name);
	exit(2);
}

#endif
