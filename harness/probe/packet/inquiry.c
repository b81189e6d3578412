// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inquiry.c - asking who has an address, without leaving a trace
 *
 * Whoever is asked by ARP notes the address of who asks, and an `arp` check would
 * see it.  But of one who has no address yet, and asks whether it is taken (RFC
 * 5227, 2.1; RFC 4862, 5.4.2), there is nothing to note: he is answered, and that
 * is all.  Who asks does not note the answer either, as it is not his kernel that
 * has asked.
 *
 * The cookie is in what pads an ARP packet to the least size of a frame; for
 * neighbour discovery it is the nonce of RFC 7527.
 */
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <arpa/inet.h>

#include "probe/packet/inquiry.h"
#include "probe/packet/packet.h"

enum {
	ARP_SIZE	= 28,		/* RFC 826, of Ethernet and IPv4 */
	ARP_REQUEST	= 1,
	ARP_REPLY	= 2,
	ARP_SENDER_IP	= 14,
	ARP_TARGET_IP	= 24,
	IP6_HEADER	= 40,
	ND_SIZE		= 24,		/* RFC 4861, 4.3 and 4.4 */
	ND_TARGET	= 8,
	ND_OPTION_NONCE	= 14,		/* RFC 7527 */
	NONCE_SIZE	= 24,		/* of the option; in units of 8 */
	ND_HOP_LIMIT	= 255,
};

static void put_u16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static size_t arp_build(const uint8_t mac[6], const struct lc_ip *ip,
			const struct cookie *cookie, uint8_t *frame)
{
	uint8_t *p = frame + ETH_HLEN;

	memset(frame, 0xff, ETH_ALEN);
	put_u16(frame + 12, ETH_P_ARP);
	put_u16(p, 1);
	put_u16(p + 2, ETH_P_IP);
	p[4] = ETH_ALEN;
	p[5] = 4;
	put_u16(p + 6, ARP_REQUEST);
	memcpy(p + 8, mac, ETH_ALEN);
	memcpy(p + ARP_TARGET_IP, &ip->v4, 4);
	cookie_write(cookie, p + ARP_SIZE);
	return ETH_ZLEN;
}

static uint32_t sum_of(const uint8_t *p, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	return sum;
}

/* RFC 4443, 2.3: over addresses, length and protocol as well */
static uint16_t checksum6(const uint8_t *header, const uint8_t *icmp,
			  size_t length)
{
	uint32_t sum = sum_of(header + 8, 32) + (uint32_t)length +
		       IPPROTO_ICMPV6 + sum_of(icmp, length);

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t solicitation_build(const struct lc_ip *ip,
				 const struct cookie *cookie, uint8_t *frame)
{
	static const uint8_t solicited_node[13] = {
		0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff,
	};
	uint8_t *header = frame + ETH_HLEN, *icmp = header + IP6_HEADER;
	uint8_t *option = icmp + ND_SIZE;
	const size_t length = ND_SIZE + NONCE_SIZE;

	put_u16(frame + 12, ETH_P_IPV6);
	header[0] = 0x60;
	put_u16(header + 4, (unsigned int)length);
	header[6] = IPPROTO_ICMPV6;
	header[7] = ND_HOP_LIMIT;
	memcpy(header + 24, solicited_node, sizeof(solicited_node));
	memcpy(header + 37, ip->bytes + 13, 3);
	put_u16(frame, 0x3333);
	memcpy(frame + 2, header + 36, 4);
	icmp[0] = ND_NEIGHBOR_SOLICIT;
	memcpy(icmp + ND_TARGET, &ip->v6, 16);
	option[0] = ND_OPTION_NONCE;
	option[1] = NONCE_SIZE / 8;
	cookie_write(cookie, option + 2);
	put_u16(icmp + 2, checksum6(header, icmp, length));
	return ETH_HLEN + IP6_HEADER + length;
}

size_t inquiry_build(const uint8_t mac[6], const struct lc_ip *ip,
		      const struct cookie *cookie,
		      uint8_t frame[INQUIRY_MAX])
{
	memset(frame, 0, INQUIRY_MAX);
	memcpy(frame + ETH_ALEN, mac, ETH_ALEN);
	return ip->family == AF_INET ?
		       arp_build(mac, ip, cookie, frame) :
		       solicitation_build(ip, cookie, frame);
}

bool inquiry_is_ours(const uint8_t *frame, size_t length, uint64_t nonce)
{
	const size_t arp = ETH_HLEN + ARP_SIZE;
	const size_t icmp = ETH_HLEN + IP6_HEADER;
	const size_t option = icmp + ND_SIZE;
	struct cookie cookie;
	uint16_t protocol;

	if (length < arp)
		return false;
	protocol = (uint16_t)(frame[12] << 8 | frame[13]);
	if (protocol == ETH_P_ARP)
		return cookie_read(frame + arp, length - arp, &cookie) &&
		       cookie.nonce == nonce;
	return protocol == ETH_P_IPV6 && length > option + 2 &&
	       frame[icmp] == ND_NEIGHBOR_SOLICIT &&
	       frame[option] == ND_OPTION_NONCE &&
	       cookie_read(frame + option + 2, length - option - 2, &cookie) &&
	       cookie.nonce == nonce;
}

static bool arp_answer(const uint8_t *p, size_t length, struct lc_ip *ret_by,
		       bool *ret_open)
{
	static const uint8_t nobody[4];

	if (length < ARP_SIZE || p[6] || p[7] != ARP_REPLY)
		return false;
	ret_by->family = AF_INET;
	memcpy(&ret_by->v4, p + ARP_SENDER_IP, 4);
	*ret_open = !memcmp(p + ARP_TARGET_IP, nobody, 4);
	return true;
}

static bool advertisement(const uint8_t *p, size_t length,
			  struct lc_ip *ret_by, bool *ret_open)
{
	const uint8_t *icmp = p + IP6_HEADER;

	if (length < IP6_HEADER + ND_SIZE || p[6] != IPPROTO_ICMPV6 ||
	    icmp[0] != ND_NEIGHBOR_ADVERT)
		return false;
	ret_by->family = AF_INET6;
	memcpy(&ret_by->v6, icmp + ND_TARGET, 16);
	*ret_open = p[24] == 0xff;
	return true;
}

bool answer_read(uint16_t protocol, const uint8_t *bytes, size_t length,
		 struct lc_ip *ret_by, bool *ret_open)
{
	memset(ret_by, 0, sizeof(*ret_by));
	if (protocol == ETH_P_ARP)
		return arp_answer(bytes, length, ret_by, ret_open);
	return protocol == ETH_P_IPV6 &&
	       advertisement(bytes, length, ret_by, ret_open);
}
