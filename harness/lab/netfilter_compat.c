// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_compat.c - the parts of a rule that are modules of x_tables
 *
 * nft_compat has them as `match` and `target`: name, revision, and the struct
 * of the module as it is in memory, numbers in the order of this machine but
 * for addresses and what is translated.
 */
#include <arpa/inet.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_sctp.h>

#include "message.h"
#include "netfilter_compat.h"
#include "netfilter_expression.h"
#include "scenario/plan.h"
#include "scenario/rule_text.h"

static void match(struct rtnl_msg *m, const char *name, uint32_t revision,
		  const void *info, size_t size)
{
	struct netfilter_expression e = netfilter_begin(m, "match");

	rtnl_put_str(m, NFTA_MATCH_NAME, name);
	netfilter_put_u32(m, NFTA_MATCH_REV, revision);
	rtnl_put(m, NFTA_MATCH_INFO, info, size);
	netfilter_end(m, e);
}

static void target(struct rtnl_msg *m, const char *name, uint32_t revision,
		   const void *info, size_t size)
{
	struct netfilter_expression e = netfilter_begin(m, "target");

	rtnl_put_str(m, NFTA_TARGET_NAME, name);
	netfilter_put_u32(m, NFTA_TARGET_REV, revision);
	rtnl_put(m, NFTA_TARGET_INFO, info, size);
	netfilter_end(m, e);
}

/* The info of a match or target has the size that x_tables aligns it to */
#define INFO(type)	union { type info; char bytes[XT_ALIGN(sizeof(type))]; }

static void put_sctp(struct rtnl_msg *m, const struct plan_rule *rule)
{
	INFO(struct xt_sctp_info) u = { .bytes = { 0 } };

	if (!rule->first && !rule->first_source)
		return;
	for (int i = 0; i < XT_NUM_SCTP_FLAGS; i++)
		u.info.flag_info[i].chunktype = UINT8_MAX;
	if (rule->first) {
		u.info.dpts[0] = rule->first;
		u.info.dpts[1] = rule->last > rule->first ? rule->last :
							    rule->first;
		u.info.flags |= XT_SCTP_DEST_PORTS;
	}
	if (rule->first_source) {
		u.info.spts[0] = u.info.spts[1] = rule->first_source;
		u.info.flags |= XT_SCTP_SRC_PORTS;
	}
	match(m, "sctp", 0, &u, sizeof(u));
}

static void put_addrtype(struct rtnl_msg *m, const struct plan_rule *rule)
{
	INFO(struct xt_addrtype_info_v1) u = { .bytes = { 0 } };

	if (!rule->from_local && !rule->to_local)
		return;
	u.info.source = rule->from_local ? XT_ADDRTYPE_LOCAL : 0;
	u.info.dest = rule->to_local ? XT_ADDRTYPE_LOCAL : 0;
	match(m, "addrtype", 1, &u, sizeof(u));
}

static void put_conntrack(struct rtnl_msg *m, const struct plan_rule *rule)
{
	INFO(struct xt_conntrack_mtinfo3) u = { .bytes = { 0 } };

	if (!rule->established)
		return;
	u.info.match_flags = XT_CONNTRACK_STATE;
	u.info.state_mask = XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED) |
			    XT_CONNTRACK_STATE_BIT(IP_CT_RELATED);
	match(m, "conntrack", 3, &u, sizeof(u));
}

static uint32_t range_flags(const struct plan_rule *rule)
{
	return (rule->to.family ? NF_NAT_RANGE_MAP_IPS : 0) |
	       (rule->to_first ? NF_NAT_RANGE_PROTO_SPECIFIED : 0) |
	       (rule_maps_ports(rule) ? NF_NAT_RANGE_PROTO_OFFSET : 0);
}

static uint16_t range_end(const struct plan_rule *rule)
{
	return htons(rule->to_last > rule->to_first ? rule->to_last :
						      rule->to_first);
}

/* Revision 2, of Linux 4.18, is the one that maps ranges port by port */
static void put_dnat(struct rtnl_msg *m, const struct plan_rule *rule)
{
	INFO(struct nf_nat_range2) u = { .bytes = { 0 } };

	u.info.flags = range_flags(rule);
	if (rule->to.family)
		u.info.min_addr.ip = u.info.max_addr.ip = rule->to.v4.s_addr;
	u.info.min_proto.all = htons(rule->to_first);
	u.info.max_proto.all = range_end(rule);
	if (rule_maps_ports(rule))
		u.info.base_proto.all = htons(rule->first);
	target(m, "DNAT", 2, &u, sizeof(u));
}

/* SNAT and MASQUERADE have a list of ranges, of one */
static void put_snat(struct rtnl_msg *m, const struct plan_rule *rule)
{
	const bool masquerade = rule->verdict == RULE_MASQUERADE;
	INFO(struct nf_nat_ipv4_multi_range_compat) u = { .bytes = { 0 } };
	struct nf_nat_ipv4_range *range = &u.info.range[0];

	u.info.rangesize = 1;
	if (!masquerade) {
		range->flags = range_flags(rule);
		if (rule->to.family)
			range->min_ip = range->max_ip = rule->to.v4.s_addr;
		range->min.all = htons(rule->to_first);
		range->max.all = range_end(rule);
	}
	target(m, masquerade ? "MASQUERADE" : "SNAT", 0, &u, sizeof(u));
}

void netfilter_put_matches(struct rtnl_msg *m, const struct plan_rule *rule)
{
	if (rule->protocol == IPPROTO_SCTP)
		put_sctp(m, rule);
	put_addrtype(m, rule);
	put_conntrack(m, rule);
}

void netfilter_put_translation(struct rtnl_msg *m,
			       const struct plan_rule *rule)
{
	if (rule->verdict == RULE_DNAT)
		put_dnat(m, rule);
	else
		put_snat(m, rule);
}
