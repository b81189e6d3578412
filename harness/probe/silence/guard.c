// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard.c - what of a sender keeps a probe from leaving
 *
 * The kernel says the same of its firewall and of a policy of IPsec, or nothing.
 */
#include <netinet/in.h>

#include "lab/ipsec.h"
#include "lab/lab.h"
#include "probe/batch/probe.h"
#include "probe/silence/guard.h"

static bool policy_of(const struct probe *p, struct ipsec_policy *ret)
{
	const bool v4 = p->seen->address.family == AF_INET;
	const uint8_t protocols[LC_PROTOCOLS] = {
		[LC_ICMP] = v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
		[LC_TCP] = IPPROTO_TCP,
		[LC_UDP] = IPPROTO_UDP,
		[LC_DNS] = IPPROTO_UDP,
	};
	struct lc_ends ends = {
		.destination = p->seen->address,
		.source_port = p->local_port,
		.destination_port = p->said.port,
	};

	if (p->said.source)
		ends.source = p->said.source->ip;
	return node_ipsec_policy(p->from, IPSEC_OUT, &ends,
				 protocols[p->said.protocol], ret);
}

const char *guard_words(const struct probe *p)
{
	struct ipsec_policy policy;

	return policy_of(p, &policy) ? "its own IPsec policy" :
				       "its own firewall";
}

bool guard_is_ipsec(const struct probe *p, bool *ret_wrapped)
{
	struct ipsec_policy policy;

	if (!policy_of(p, &policy))
		return false;
	*ret_wrapped = policy.keyed;
	return true;
}
