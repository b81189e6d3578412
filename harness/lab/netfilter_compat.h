/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_compat.h - the parts of a rule that are modules of x_tables
 */
#ifndef LAB_NETFILTER_COMPAT_H
#define LAB_NETFILTER_COMPAT_H

struct plan_rule;
struct rtnl_msg;

/** netfilter_put_matches() - Ports of SCTP, addrtype, conntrack */
void netfilter_put_matches(struct rtnl_msg *m, const struct plan_rule *rule);

/** netfilter_put_translation() - MASQUERADE, SNAT, DNAT */
void netfilter_put_translation(struct rtnl_msg *m,
			       const struct plan_rule *rule);

#endif
