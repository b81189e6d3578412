// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_message.c - requests to nf_tables, made by pure functions
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "message.h"
#include "netfilter_expression.h"
#include "netfilter_message.h"
#include "scenario/rule_text.h"

/* A chain that packets come to by themselves, and where on their way it is */
struct builtin {
	enum rule_table table;
	const char *name;
	enum nf_inet_hooks hook;
	int priority;
};

/* Priorities are those of linux/netfilter_ipv4.h, which the C library's
 * headers don't go with */
static const struct builtin builtins[NETFILTER_BUILTINS] = {
	{ RULE_FILTER, "INPUT", NF_INET_LOCAL_IN, 0 },
	{ RULE_FILTER, "FORWARD", NF_INET_FORWARD, 0 },
	{ RULE_FILTER, "OUTPUT", NF_INET_LOCAL_OUT, 0 },
	{ RULE_NAT, "PREROUTING", NF_INET_PRE_ROUTING, -100 },
	{ RULE_NAT, "INPUT", NF_INET_LOCAL_IN, 100 },
	{ RULE_NAT, "OUTPUT", NF_INET_LOCAL_OUT, -100 },
	{ RULE_NAT, "POSTROUTING", NF_INET_POST_ROUTING, 100 },
	{ RULE_RAW, "PREROUTING", NF_INET_PRE_ROUTING, -300 },
	{ RULE_RAW, "OUTPUT", NF_INET_LOCAL_OUT, -300 },
};

int netfilter_builtin(enum rule_table table, const char *name)
{
	for (int i = 0; i < NETFILTER_BUILTINS; i++)
		if (builtins[i].table == table &&
		    !strcmp(builtins[i].name, name))
			return i;
	return -1;
}

static void message_init(struct rtnl_msg *m, uint16_t type, uint16_t flags)
{
	struct nfgenmsg *header = rtnl_msg_init(
		m, NFNL_SUBSYS_NFTABLES << 8 | type, flags, sizeof(*header));

	header->nfgen_family = NFPROTO_IPV4;
}

static void batch_mark(struct rtnl_msg *m, uint16_t type)
{
	struct nfgenmsg *header = rtnl_msg_init(m, type, 0, sizeof(*header));

	header->nfgen_family = AF_UNSPEC;
	header->res_id = htons(NFNL_SUBSYS_NFTABLES);
}

void netfilter_build_begin(struct rtnl_msg *m)
{
	batch_mark(m, NFNL_MSG_BATCH_BEGIN);
}

void netfilter_build_end(struct rtnl_msg *m)
{
	batch_mark(m, NFNL_MSG_BATCH_END);
}

void netfilter_build_table(struct rtnl_msg *m, enum rule_table table)
{
	message_init(m, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	rtnl_put_str(m, NFTA_TABLE_NAME, rule_table_words[table]);
}

static void chain_init(struct rtnl_msg *m, uint16_t type, uint16_t flags,
		       enum rule_table table, const char *name)
{
	message_init(m, type, flags);
	rtnl_put_str(m, NFTA_CHAIN_TABLE, rule_table_words[table]);
	rtnl_put_str(m, NFTA_CHAIN_NAME, name);
}

static void put_hook(struct rtnl_msg *m, const struct builtin *builtin)
{
	struct nlattr *hook = rtnl_nest(m, NFTA_CHAIN_HOOK);

	netfilter_put_u32(m, NFTA_HOOK_HOOKNUM, builtin->hook);
	netfilter_put_u32(m, NFTA_HOOK_PRIORITY, builtin->priority);
	rtnl_nest_end(m, hook);
}

static void put_type(struct rtnl_msg *m, const struct builtin *builtin)
{
	rtnl_put_str(m, NFTA_CHAIN_TYPE,
		     builtin->table == RULE_NAT ? "nat" : "filter");
}

/* `iptables -P` has the kernel count what the policy decides */
static void put_counters(struct rtnl_msg *m)
{
	struct nlattr *counters = rtnl_nest(m, NFTA_CHAIN_COUNTERS);

	netfilter_put_u64(m, NFTA_COUNTER_PACKETS, 0);
	netfilter_put_u64(m, NFTA_COUNTER_BYTES, 0);
	rtnl_nest_end(m, counters);
}

void netfilter_build_chain(struct rtnl_msg *m, const struct plan_chain *chain)
{
	int builtin = netfilter_builtin(chain->table, chain->name);

	chain_init(m, NFT_MSG_NEWCHAIN, NLM_F_CREATE, chain->table,
		   chain->name);
	if (builtin < 0)
		return;
	put_hook(m, &builtins[builtin]);
	netfilter_put_u32(m, NFTA_CHAIN_POLICY,
			  chain->policy == RULE_DROP ? NF_DROP : NF_ACCEPT);
	if (chain->policy == RULE_DROP)
		put_counters(m);
	put_type(m, &builtins[builtin]);
}

void netfilter_build_builtin(struct rtnl_msg *m, int number)
{
	const struct builtin *builtin = &builtins[number];

	chain_init(m, NFT_MSG_NEWCHAIN, NLM_F_CREATE, builtin->table,
		   builtin->name);
	put_hook(m, builtin);
	put_type(m, builtin);
}

void netfilter_build_chain_delete(struct rtnl_msg *m,
				  const struct plan_chain *chain)
{
	chain_init(m, NFT_MSG_DELCHAIN, NLM_F_NONREC, chain->table,
		   chain->name);
}

static void rule_init(struct rtnl_msg *m, uint16_t type, uint16_t flags,
		      const struct plan_rule *rule)
{
	message_init(m, type, flags);
	rtnl_put_str(m, NFTA_RULE_TABLE, rule_table_words[rule->table]);
	rtnl_put_str(m, NFTA_RULE_CHAIN, rule->chain);
}

/* For nft_compat's modules, some of which only go with one protocol */
static void put_compat(struct rtnl_msg *m, uint8_t protocol)
{
	struct nlattr *compat = rtnl_nest(m, NFTA_RULE_COMPAT);

	netfilter_put_u32(m, NFTA_RULE_COMPAT_PROTO, protocol);
	netfilter_put_u32(m, NFTA_RULE_COMPAT_FLAGS, 0);
	rtnl_nest_end(m, compat);
}

void netfilter_build_rule(struct rtnl_msg *m, const struct plan_rule *rule,
			  uint64_t before)
{
	rule_init(m, NFT_MSG_NEWRULE,
		  NLM_F_ECHO | NLM_F_CREATE | (before ? 0 : NLM_F_APPEND),
		  rule);
	if (before)
		netfilter_put_u64(m, NFTA_RULE_POSITION, before);
	netfilter_put_expressions(m, rule);
	put_compat(m, rule->protocol);
}

void netfilter_build_rule_delete(struct rtnl_msg *m,
				 const struct plan_rule *rule, uint64_t handle)
{
	rule_init(m, NFT_MSG_DELRULE, 0, rule);
	netfilter_put_u64(m, NFTA_RULE_HANDLE, handle);
}
