// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_expression.c - what a rule of nf_tables consists of
 *
 * Theory of operation
 *
 * nf_tables knows many ways to say one thing, and iptables-nft shows and
 * deletes only rules that are said its own way: it compares them expression by
 * expression, the parameters of old matches and targets byte by byte.  So this
 * is what iptables-nft 1.8 sends, in its order: interfaces, protocol, addresses
 * and ports as expressions of nf_tables; the rest as x_tables has it (see
 * netfilter_compat.c); a counter in front of the verdict.
 */
#include <arpa/inet.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "message.h"
#include "netfilter_compat.h"
#include "netfilter_expression.h"
#include "scenario/address.h"
#include "scenario/plan.h"

enum {
	/* Where things are in the headers of IPv4, and of TCP, UDP, SCTP */
	SOURCE_ADDRESS	= 12,
	DESTINATION_ADDRESS = 16,
	SOURCE_PORT	= 0,
	DESTINATION_PORT = 2,
};

void netfilter_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t value)
{
	rtnl_put_u32(m, type, htonl(value));
}

void netfilter_put_u64(struct rtnl_msg *m, uint16_t type, uint64_t value)
{
	const uint32_t words[] = { htonl(value >> 32), htonl(value) };

	rtnl_put(m, type, words, sizeof(words));
}

struct netfilter_expression netfilter_begin(struct rtnl_msg *m,
					    const char *name)
{
	struct netfilter_expression e;

	e.element = rtnl_nest(m, NFTA_LIST_ELEM);
	rtnl_put_str(m, NFTA_EXPR_NAME, name);
	e.data = rtnl_nest(m, NFTA_EXPR_DATA);
	return e;
}

void netfilter_end(struct rtnl_msg *m, struct netfilter_expression e)
{
	rtnl_nest_end(m, e.data);
	rtnl_nest_end(m, e.element);
}

static void put_value(struct rtnl_msg *m, uint16_t type, const void *value,
		      size_t size)
{
	struct nlattr *data = rtnl_nest(m, type);

	rtnl_put(m, NFTA_DATA_VALUE, value, size);
	rtnl_nest_end(m, data);
}

static void meta(struct rtnl_msg *m, enum nft_meta_keys key)
{
	struct netfilter_expression e = netfilter_begin(m, "meta");

	netfilter_put_u32(m, NFTA_META_KEY, key);
	netfilter_put_u32(m, NFTA_META_DREG, NFT_REG_1);
	netfilter_end(m, e);
}

static void compare(struct rtnl_msg *m, bool is_not, const void *value,
		    size_t size)
{
	struct netfilter_expression e = netfilter_begin(m, "cmp");

	netfilter_put_u32(m, NFTA_CMP_SREG, NFT_REG_1);
	netfilter_put_u32(m, NFTA_CMP_OP, is_not ? NFT_CMP_NEQ : NFT_CMP_EQ);
	put_value(m, NFTA_CMP_DATA, value, size);
	netfilter_end(m, e);
}

static void payload(struct rtnl_msg *m, enum nft_payload_bases base,
		    uint32_t offset, uint32_t size)
{
	struct netfilter_expression e = netfilter_begin(m, "payload");

	netfilter_put_u32(m, NFTA_PAYLOAD_DREG, NFT_REG_1);
	netfilter_put_u32(m, NFTA_PAYLOAD_BASE, base);
	netfilter_put_u32(m, NFTA_PAYLOAD_OFFSET, offset);
	netfilter_put_u32(m, NFTA_PAYLOAD_LEN, size);
	netfilter_end(m, e);
}

static void bitwise_and(struct rtnl_msg *m, uint32_t mask)
{
	const uint32_t zero = 0;
	struct netfilter_expression e = netfilter_begin(m, "bitwise");

	netfilter_put_u32(m, NFTA_BITWISE_SREG, NFT_REG_1);
	netfilter_put_u32(m, NFTA_BITWISE_DREG, NFT_REG_1);
	netfilter_put_u32(m, NFTA_BITWISE_LEN, sizeof(mask));
	put_value(m, NFTA_BITWISE_MASK, &mask, sizeof(mask));
	put_value(m, NFTA_BITWISE_XOR, &zero, sizeof(zero));
	netfilter_end(m, e);
}

/* As in iptables, a `+` at the end stands for whatever follows */
static void put_interface(struct rtnl_msg *m, enum nft_meta_keys key,
			  const char *name, bool is_not)
{
	size_t length = name ? strlen(name) : 0;

	if (!length)
		return;
	meta(m, key);
	if (name[length - 1] != '+')
		compare(m, is_not, name, length + 1);
	else if (length > 1)
		compare(m, is_not, name, length - 1);
}

static void put_protocol(struct rtnl_msg *m, uint8_t protocol)
{
	if (!protocol)
		return;
	meta(m, NFT_META_L4PROTO);
	compare(m, false, &protocol, sizeof(protocol));
}

/* Of a prefix that ends with a byte no more is loaded than it has */
static void put_prefix(struct rtnl_msg *m, uint32_t offset,
		       const struct rule_prefix *prefix)
{
	uint8_t length = prefix->length;
	struct lc_ip network;
	uint32_t size;

	if (!prefix->ip.family || (!length && !prefix->is_not))
		return;
	network = ip_network(&prefix->ip, length);
	size = length % 8 ? sizeof(network.v4) : length / 8;
	payload(m, NFT_PAYLOAD_NETWORK_HEADER, offset, size);
	if (length % 8)
		bitwise_and(m, htonl(UINT32_MAX << (32 - length)));
	compare(m, prefix->is_not, network.bytes, size);
}

static void put_port_range(struct rtnl_msg *m, uint16_t first, uint16_t last)
{
	const uint16_t from = htons(first), to = htons(last);
	struct netfilter_expression e = netfilter_begin(m, "range");

	netfilter_put_u32(m, NFTA_RANGE_SREG, NFT_REG_1);
	netfilter_put_u32(m, NFTA_RANGE_OP, NFT_RANGE_EQ);
	put_value(m, NFTA_RANGE_FROM_DATA, &from, sizeof(from));
	put_value(m, NFTA_RANGE_TO_DATA, &to, sizeof(to));
	netfilter_end(m, e);
}

static void put_port(struct rtnl_msg *m, uint32_t offset, uint16_t first,
		     uint16_t last)
{
	const uint16_t port = htons(first);

	if (!first)
		return;
	payload(m, NFT_PAYLOAD_TRANSPORT_HEADER, offset, sizeof(port));
	if (last > first)
		put_port_range(m, first, last);
	else
		compare(m, false, &port, sizeof(port));
}

/* Both ports stand side by side, and are compared at once where they can */
static void put_ports(struct rtnl_msg *m, const struct plan_rule *rule)
{
	const uint16_t both[] = { htons(rule->first_source),
				  htons(rule->first) };

	if (rule->first_source && rule->first && rule->last <= rule->first) {
		payload(m, NFT_PAYLOAD_TRANSPORT_HEADER, SOURCE_PORT,
			sizeof(both));
		compare(m, false, both, sizeof(both));
		return;
	}
	put_port(m, SOURCE_PORT, rule->first_source, rule->first_source);
	put_port(m, DESTINATION_PORT, rule->first, rule->last);
}

static void put_counter(struct rtnl_msg *m)
{
	struct netfilter_expression e = netfilter_begin(m, "counter");

	netfilter_put_u64(m, NFTA_COUNTER_BYTES, 0);
	netfilter_put_u64(m, NFTA_COUNTER_PACKETS, 0);
	netfilter_end(m, e);
}

static void put_verdict(struct rtnl_msg *m, int verdict, const char *jump)
{
	struct netfilter_expression e = netfilter_begin(m, "immediate");
	struct nlattr *data, *code;

	netfilter_put_u32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = rtnl_nest(m, NFTA_IMMEDIATE_DATA);
	code = rtnl_nest(m, NFTA_DATA_VERDICT);
	netfilter_put_u32(m, NFTA_VERDICT_CODE, verdict);
	if (jump)
		rtnl_put_str(m, NFTA_VERDICT_CHAIN, jump);
	rtnl_nest_end(m, code);
	rtnl_nest_end(m, data);
	netfilter_end(m, e);
}

static void put_target(struct rtnl_msg *m, const struct plan_rule *rule)
{
	switch (rule->verdict) {
	case RULE_ACCEPT:
		put_verdict(m, NF_ACCEPT, NULL);
		break;
	case RULE_DROP:
		put_verdict(m, NF_DROP, NULL);
		break;
	case RULE_RETURN:
		put_verdict(m, NFT_RETURN, NULL);
		break;
	case RULE_JUMP:
		put_verdict(m, NFT_JUMP, rule->jump);
		break;
	case RULE_DNAT:
	case RULE_MASQUERADE:
	case RULE_SNAT:
		netfilter_put_translation(m, rule);
		break;
	}
}

void netfilter_put_expressions(struct rtnl_msg *m,
			       const struct plan_rule *rule)
{
	struct nlattr *list = rtnl_nest(m, NFTA_RULE_EXPRESSIONS);

	put_interface(m, NFT_META_IIFNAME, rule->in, rule->in_not);
	put_interface(m, NFT_META_OIFNAME, rule->out, rule->out_not);
	put_protocol(m, rule->protocol);
	put_prefix(m, SOURCE_ADDRESS, &rule->source);
	put_prefix(m, DESTINATION_ADDRESS, &rule->destination);
	if (rule->protocol != IPPROTO_SCTP)
		put_ports(m, rule);
	netfilter_put_matches(m, rule);
	put_counter(m);
	put_target(m, rule);
	rtnl_nest_end(m, list);
}
