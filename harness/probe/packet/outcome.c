// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outcome.c - from evidence to the word for it
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>

#include "probe/packet/outcome.h"

/* In the order of enum lc_outcome, so that a choice is an outcome */
#define OUTCOME_WORDS(first)						\
	first, "drop", "refused", "closed", "net-unreachable",			\
	"host-unreachable",							\
	"protocol-unreachable", "port-unreachable", "prohibited",		\
	"ttl-exceeded", "reject", "too-big", "no-route", "no-carrier",		\
	"no-neighbor", "blocked", "no-name", "fail", NULL

const char *const lc_words_reply[] = { OUTCOME_WORDS("reply") };
const char *const lc_words_open[] = { OUTCOME_WORDS("open") };

_Static_assert(sizeof(lc_words_reply) / sizeof(*lc_words_reply) ==
		       LC_EXPECT_FAIL + 2,
	       "a word for every outcome, then fail, then NULL");

const char *lc_outcome_name(enum lc_outcome outcome, enum lc_protocol protocol)
{
	if (outcome == LC_OUTCOME_ERROR)
		return "error";
	return protocol == LC_TCP ? lc_words_open[outcome] :
				    lc_words_reply[outcome];
}

int lc_outcome_is(int expect, enum lc_outcome got)
{
	if (got == LC_OUTCOME_ERROR)
		return 0;
	if (expect == LC_EXPECT_FAIL)
		return got != LC_REPLY && got != LC_NO_CARRIER;
	if (expect == LC_REJECT)
		return got >= LC_NET_UNREACHABLE && got <= LC_REJECT;
	return (int)got == expect;
}

int lc_seen_is(int expect, const struct lc_seen *seen)
{
	return lc_outcome_is(expect, seen->outcome) &&
	       !(expect == LC_EXPECT_FAIL && seen->cut_off);
}

static enum lc_outcome outcome_of_icmp4(uint8_t type, uint8_t code)
{
	if (type == ICMP_TIME_EXCEEDED)
		return code == ICMP_EXC_TTL ? LC_TTL_EXCEEDED : LC_REJECT;
	if (type != ICMP_DEST_UNREACH)
		return LC_REJECT;
	switch (code) {
	case ICMP_NET_UNREACH:
	case ICMP_NET_UNKNOWN:
	case ICMP_NET_UNR_TOS:
		return LC_NET_UNREACHABLE;
	case ICMP_HOST_UNREACH:
	case ICMP_HOST_UNKNOWN:
	case ICMP_HOST_UNR_TOS:
		return LC_HOST_UNREACHABLE;
	case ICMP_PROT_UNREACH:
		return LC_PROTOCOL_UNREACHABLE;
	case ICMP_PORT_UNREACH:
		return LC_PORT_UNREACHABLE;
	case ICMP_FRAG_NEEDED:
		return LC_TOO_BIG;
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
		return LC_PROHIBITED;
	}
	return LC_REJECT;
}

static enum lc_outcome outcome_of_icmp6(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP6_PACKET_TOO_BIG:
		return LC_TOO_BIG;
	case ICMP6_TIME_EXCEEDED:
		return code == ICMP6_TIME_EXCEED_TRANSIT ? LC_TTL_EXCEEDED :
							   LC_REJECT;
	case ICMP6_PARAM_PROB:
		return code == ICMP6_PARAMPROB_NEXTHEADER ?
			       LC_PROTOCOL_UNREACHABLE :
			       LC_REJECT;
	case ICMP6_DST_UNREACH:
		break;
	default:
		return LC_REJECT;
	}
	switch (code) {
	case ICMP6_DST_UNREACH_NOROUTE:
		return LC_NET_UNREACHABLE;
	case ICMP6_DST_UNREACH_ADDR:
		return LC_HOST_UNREACHABLE;
	case ICMP6_DST_UNREACH_NOPORT:
		return LC_PORT_UNREACHABLE;
	case ICMP6_DST_UNREACH_ADMIN:
	case 5: /* source address failed ingress/egress policy, RFC 4443 */
	case 6: /* reject route, RFC 4443 */
		return LC_PROHIBITED;
	}
	return LC_REJECT;
}

enum lc_outcome outcome_of_icmp(int family, uint8_t type, uint8_t code,
				bool own)
{
	enum lc_outcome outcome = family == AF_INET ?
					  outcome_of_icmp4(type, code) :
					  outcome_of_icmp6(type, code);

	if (!own || outcome == LC_TOO_BIG)
		return outcome;
	return outcome == LC_HOST_UNREACHABLE ? LC_NO_NEIGHBOR : LC_BLOCKED;
}

enum lc_outcome outcome_of_send(int error)
{
	switch (error) {
	case ENETUNREACH:
		return LC_NO_ROUTE;
	case EHOSTUNREACH:	/* an unreachable route */
	case EACCES:		/* a prohibit route */
	case EPERM:		/* the own firewall */
		return LC_BLOCKED;
	case EMSGSIZE:
		return LC_TOO_BIG;
	}
	return LC_OUTCOME_ERROR;
}
