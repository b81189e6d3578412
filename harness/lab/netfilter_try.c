// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_try.c - whether this kernel can do what iptables-nft asks of it
 *
 * Modules are only looked for when a rule needs them.  So there is a rule here
 * for each that networks may need, in a chain of its own.  They stay: to delete
 * them, to give the transaction up, or to make a chain that is there already
 * has the kernel wait until no processor can see what was before, which takes
 * longer than many a lab to build.
 */
#include <arpa/inet.h>

#include <labcheck/err.h>

#include "lab/message.h"
#include "lab/netfilter_batch.h"
#include "lab/netfilter_message.h"
#include "lab/netfilter_try.h"

static const struct plan_rule rules[] = {
	{ .chain = "FORWARD", .in = "a", .out = "b",
	  .source = { { .family = AF_INET }, 12 }, .protocol = IPPROTO_TCP,
	  .first = 1, .last = 2, .established = true, .verdict = RULE_DROP },
	{ .table = RULE_NAT, .chain = "PREROUTING", .protocol = IPPROTO_TCP,
	  .first = 1, .last = 2, .to_local = true, .verdict = RULE_DNAT,
	  .to_first = 3, .to_last = 4 },
	{ .table = RULE_NAT, .chain = "POSTROUTING", .out = "a",
	  .verdict = RULE_MASQUERADE },
	{ .table = RULE_NAT, .chain = "INPUT", .protocol = IPPROTO_UDP,
	  .verdict = RULE_SNAT, .to_first = 1 },
	{ .table = RULE_RAW, .chain = "PREROUTING", .verdict = RULE_RETURN },
};

int netfilter_try(struct lc_err *err)
{
	struct netfilter_batch *batch;
	struct rtnl_msg m;
	int r = netfilter_batch_open(NULL, &batch, err);

	if (r)
		return r;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct netfilter_subject subject = { .rule = &rules[i] };

		netfilter_build_table(&m, rules[i].table);
		netfilter_batch_add(batch, &m, &subject);
		netfilter_build_builtin(&m, netfilter_builtin(
				rules[i].table, rules[i].chain));
		netfilter_batch_add(batch, &m, &subject);
		netfilter_build_rule(&m, &rules[i], 0);
		netfilter_batch_add(batch, &m, &subject);
	}
	r = netfilter_batch_commit(batch, NULL, err);
	netfilter_batch_free(batch);
	return r;
}
