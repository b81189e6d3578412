// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * question.c - whose neighbour a packet asks for; pure
 */
#include <string.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

#include <labcheck/value.h>

#include "probe/packet/question.h"

enum {
	ARP_SIZE = 28,		/* of Ethernet and IPv4, RFC 826 */
	ARP_REQUEST = 1,
	ARP_TARGET = 24,
	IP6_HEADER = 40,
	SOLICIT_SIZE = 24,	/* without options, RFC 4861, 4.3 */
	SOLICIT_TARGET = 8,
};

static bool arp_read(const uint8_t *bytes, size_t length, struct lc_ip *ret_ip)
{
	if (length < ARP_SIZE || bytes[2] != 8 || bytes[3] != 0 ||
	    bytes[5] != sizeof(ret_ip->v4) || bytes[6] != 0 ||
	    bytes[7] != ARP_REQUEST)
		return false;
	*ret_ip = (struct lc_ip){ .family = AF_INET };
	memcpy(&ret_ip->v4, bytes + ARP_TARGET, sizeof(ret_ip->v4));
	return true;
}

static bool solicit_read(const uint8_t *bytes, size_t length,
			 struct lc_ip *ret_ip)
{
	const uint8_t *icmp = bytes + IP6_HEADER;

	if (length < IP6_HEADER + SOLICIT_SIZE || bytes[0] >> 4 != 6 ||
	    bytes[6] != IPPROTO_ICMPV6 || icmp[0] != ND_NEIGHBOR_SOLICIT)
		return false;
	*ret_ip = (struct lc_ip){ .family = AF_INET6 };
	memcpy(&ret_ip->v6, icmp + SOLICIT_TARGET, sizeof(ret_ip->v6));
	return true;
}

bool question_read(uint16_t protocol, const uint8_t *bytes, size_t length,
		   struct lc_ip *ret_ip)
{
	if (protocol == ETH_P_ARP)
		return arp_read(bytes, length, ret_ip);
	return protocol == ETH_P_IPV6 && solicit_read(bytes, length, ret_ip);
}
